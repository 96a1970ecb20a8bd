"""Help in one language: every text has both, no character is lost at any width."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from commands.help import in_one_language
from commands.language import choose, prefer
from commands.main import app
from commands.table import COMMANDS as COMMANDS_TABLE
from commands.table import Entry

HAN = re.compile(r"[\u4e00-\u9fff]")
#: two small words side by side are English prose, not a name, option or choice
ENGLISH = re.compile(r"(?<![-\w|.,])[a-z]{2,} [a-z]{2,}(?![-\w|])")


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    yield
    choose(None)
    prefer(None)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and group, by its path."""

    def below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
        yield path, command
        for name, each in (getattr(command, "commands", None) or {}).items():
            yield from below(f"{path} {name}".strip(), each)

    yield from below("", typer.main.get_command(app))


COMMANDS = list(commands())
PATHS = [path for path, _ in COMMANDS]


def english(text: str) -> re.Match[str] | None:
    """English prose in ``text``; commands are called the same in every language."""
    return ENGLISH.search(re.sub(r"hanyin( [a-z]+)*", "", text))


def shown(path: str, language: str, width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    done = CliRunner().invoke(app, [*path.split(), "--help", "--lang", language])
    assert done.exit_code == 0, done.output
    return done.output


def texts(command: Any) -> Iterator[str]:
    """What its help says: of itself and of each word that may be given."""
    yield from re.split(r"\n\s*\n", command.help or "")
    for param in command.params:
        if param.name not in {"help", "install_completion", "show_completion"}:
            yield getattr(param, "help", None) or ""


def halves(text: str) -> tuple[str, str]:
    choose("zh")
    zh = in_one_language(text)
    choose("en")
    return zh, in_one_language(text)


def test_the_table_says_of_each_command_what_it_says_itself() -> None:
    def below(entries: Mapping[str, Entry]) -> Iterator[Entry]:
        for entry in entries.values():
            yield entry
            yield from below(entry.commands)

    for path, command in COMMANDS:
        entries = COMMANDS_TABLE
        for word in path.split():
            entry = entries[word]
            entries = entry.commands
            first, *_ = re.split(r"\n\s*\n", command.help)
        if path:
            assert entry.summary == " ".join(first.split()), path
    assert len(COMMANDS) == 1 + len(list(below(COMMANDS_TABLE)))


@pytest.mark.parametrize("words", [["--help"], ["documents", "--help"], ["nothing"]])
def test_help_and_tab_load_no_command(words: list[str]) -> None:
    script = (
        "import sys; from commands.main import app\n"
        "try: app(sys.argv[1:], prog_name='hanyin')\n"
        "except SystemExit: pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    for completing in (
        {},
        {"_HANYIN_COMPLETE": "complete_bash", "COMP_WORDS": "hanyin documents "},
    ):
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            env={**os.environ, "COMP_CWORD": "2", **completing},
            capture_output=True,
            text=True,
            check=True,
        )
        assert not {"sqlalchemy", "structlog", "ledger"} & set(done.stderr.split())


@pytest.mark.parametrize("path", PATHS)
def test_each_text_of_a_commands_help_is_in_both_languages(path: str) -> None:
    for text in texts(dict(COMMANDS)[path]):
        zh, en = halves(text)
        same = zh == en and not HAN.search(zh) and not english(zh)
        assert same or (HAN.search(zh) and not HAN.search(en)), text
        assert not english(zh), text


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("path", PATHS)
def test_help_loses_no_character_and_keeps_to_the_width(
    path: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in ("zh", "en"):
        output = shown(path, language, width, monkeypatch)
        together = "".join(output.split())
        for text in texts(dict(COMMANDS)[path]):
            half = halves(text)[0 if language == "zh" else 1]
            assert "".join(half.split()) in together
        assert [line for line in output.splitlines() if cell_len(line) > width] == []
        assert not re.search("[╭│╰─]", output)


@pytest.mark.parametrize("path", PATHS)
def test_help_is_in_one_language(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not english(shown(path, "zh", 80, monkeypatch))
    assert not HAN.search(shown(path, "en", 80, monkeypatch))


@pytest.mark.parametrize("path", [path for path, command in COMMANDS if path])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_that_are_not_understood_are_told_in_one_language(path: str, language: str) -> None:
    done = CliRunner().invoke(app, [*path.split(), "--no-such-option", "--lang", language])
    assert done.exit_code == 64
    foreign = english(done.output) if language == "zh" else HAN.search(done.output)
    assert not foreign, done.output


@pytest.mark.parametrize(
    "path", [path for path, command in COMMANDS if path and not getattr(command, "commands", None)]
)
def test_every_command_speaks_json_to_programs(path: str) -> None:
    options = [option for param in dict(COMMANDS)[path].params for option in param.opts]
    assert "--json" in options


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("words", [["register", "--year", "x"], ["nothing"], ["documents", "show"]])
def test_wrong_words_with_json_are_one_object_in_one_language(
    language: str, words: list[str]
) -> None:
    done = CliRunner().invoke(app, [*words, "--json", "--lang", language])
    told = json.loads(done.stderr.splitlines()[-1])
    assert (told["code"], told["exit_code"], done.exit_code) == ("usage", 64, 64)
    assert bool(HAN.search(told["message"])) is (language == "zh")
    assert [set(each) for each in told["errors"]] == [{"pointer", "code", "message"}]
    assert done.stdout == ""


def test_a_wrong_setting_with_json_is_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANYIN_PRODUCERS", "many")
    for language, words in (("zh", "须是整数"), ("en", "valid integer")):
        done = CliRunner().invoke(app, ["register", "--json", "--lang", language])
        told = json.loads(done.stderr)
        assert (told["code"], told["exit_code"], done.exit_code) == ("misconfigured", 4, 4)
        assert words in told["message"]


def test_help_and_usage_errors_are_in_the_language_of_the_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HANYIN_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    for settings, chinese in (('lang = "en"', False), ("lang = 1", True), ("lang =", True)):
        (tmp_path / "hanyin.toml").write_text(settings, encoding="utf-8")
        for words in (["register", "--help"], ["register", "--year", "x"]):
            done = CliRunner().invoke(app, words)
            assert bool(HAN.search(done.output)) is chinese, (settings, words)
    (tmp_path / "hanyin.toml").write_text('lang = "zh"', encoding="utf-8")
    assert not HAN.search(CliRunner().invoke(app, ["register", "--help", "--lang", "en"]).output)
