"""What commands show of a value that comes from outside."""

import io
import json
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from commands import main, output, paging
from commands.language import choose
from commands.main import app
from commands.output import complain, note, print_json, print_line, print_rows, watched

#: clears the screen, is read backwards, begins a line
TRAPS = "a\x1b[2J\u202eb\u2028c"
SHOWN = "a<U+001B>[2J<U+202E>b<U+2028>c"


def test_a_value_in_square_brackets_is_shown_as_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [{"name": "[red]签字[/red].png [[sources]]"}]
    print_rows("表", [("name", "名", "name")], rows, as_json=False)
    assert "[red]签字[/red].png [[sources]]" in capsys.readouterr().out


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """As without ``--lang`` in a Chinese locale, whatever was asked for before."""
    choose("zh")
    yield
    choose(None)


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, *, columns: int = 80, lines: int = 24) -> None:
    """Stdout is a terminal of this size."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", str(lines))


def test_a_title_in_square_brackets_is_shown_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch)
    print_rows("[red]a.xlsx[/red]", [("name", "名", "name")], [{"name": "b" * 40}], as_json=False)
    assert "[red]a.xlsx[/red]" in capsys.readouterr().out


def test_what_a_terminal_would_obey_is_written_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch, columns=200)
    print_rows(TRAPS, [("name", "名", "name")], [{"name": TRAPS * 2}], as_json=False)
    complain(TRAPS)
    note(TRAPS)
    print_line(TRAPS)
    written = capsys.readouterr()
    assert (written.out + written.err).count(SHOWN) == 6
    assert "\x1b" not in written.out + written.err


ROWS: list[dict[str, Any]] = [
    {"number": "稽（待遇）字〔2026〕第1号", "state": "void", "why": "写错\n姓名"},
    {"number": "稽（待遇）字〔2026〕第2号", "state": "open", "why": None},
]
COLUMNS = [("number", "文号", "number"), ("state", "状态", "state"), ("why", "原因", "why")]


def test_a_pipe_gets_a_line_a_row_with_tabs_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_rows("文书", COLUMNS, ROWS, as_json=False)
    assert capsys.readouterr().out == (
        "稽（待遇）字〔2026〕第1号\t作废\t写错 姓名\n稽（待遇）字〔2026〕第2号\t追缴中\t\n"
    )


def test_a_pipe_gets_nothing_where_there_are_no_rows(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows("文书", COLUMNS, [], as_json=False)
    assert capsys.readouterr().out == ""


def test_a_tab_in_a_value_makes_no_column(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows("", COLUMNS, [{"number": "a\tb", "state": "c", "why": "d"}], as_json=False)
    assert capsys.readouterr().out.count("\t") == 2


def test_a_row_is_written_before_the_next_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    seen: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for row in ROWS:
            seen.append(out.buffer.tell())
            yield row

    print_rows("", COLUMNS, rows(), as_json=False)
    assert seen[0] == 0 < seen[1]


def test_columns_are_chosen_by_name_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows("", COLUMNS, ROWS, as_json=False, only="state, number")
    assert capsys.readouterr().out.splitlines()[0] == "作废\t稽（待遇）字〔2026〕第1号"


def test_a_column_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(typer.BadParameter, match="没有列 colour；有：number, state, why"):
        print_rows("", COLUMNS, ROWS, as_json=False, only="colour")


def test_json_of_rows_is_one_array_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows("", COLUMNS, iter(ROWS), as_json=True)
    text = capsys.readouterr().out
    print_json(ROWS)
    assert text == capsys.readouterr().out
    assert json.loads(text) == ROWS


def _pager(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """A pager that keeps what it is shown."""
    shown, program = folder / "shown", folder / "pager"
    program.write_text(f'#!/bin/sh\nexec cat > "{shown}"\n')
    program.chmod(0o700)
    monkeypatch.setenv("PAGER", str(program))
    return shown


@pytest.mark.parametrize(("lines", "paged"), [(5, True), (6, False)])
def test_a_pager_shows_what_the_terminal_has_no_room_for(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    *,
    lines: int,
    paged: bool,
) -> None:
    on_a_terminal(monkeypatch, lines=lines)
    shown = _pager(monkeypatch, tmp_path)
    # a title, a heading, a rule and two rows; one line is the prompt's
    print_rows("文书", COLUMNS[:2], ROWS, as_json=False)
    assert shown.exists() is paged
    text = shown.read_text() if paged else capsys.readouterr().out
    assert "第2号" in text


@pytest.mark.parametrize("pager", ["", "cat", "/is/not/there", "false"])
def test_without_a_pager_that_works_all_is_on_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pager: str
) -> None:
    on_a_terminal(monkeypatch, lines=3)
    monkeypatch.setenv("PAGER", pager)
    print_rows("文书", COLUMNS, ROWS, as_json=False)
    assert "第2号" in capsys.readouterr().out


def test_no_pager_is_started_where_none_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    on_a_terminal(monkeypatch, lines=3)
    shown = _pager(monkeypatch, tmp_path)
    monkeypatch.setattr(paging, "_allowed", ContextVar("allowed", default=True))
    paging.allow_pager(allowed=False)
    print_rows("文书", COLUMNS, ROWS, as_json=False)
    assert not shown.exists()
    assert "第2号" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--no-pager", "case"], ["case", "--no-pager"]])
def test_general_options_stand_before_or_behind_the_command(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(main, "allow_pager", lambda *, allowed: asked.append(allowed))
    CliRunner().invoke(app, [*words, "--lang", "en"])
    assert asked == [False]


def test_json_holds_it_as_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([{"file": TRAPS, "agency": "雨花区"}])
    text = capsys.readouterr().out
    assert "\u202e" not in text
    assert "雨花区" in text
    assert json.loads(text) == [{"file": TRAPS, "agency": "雨花区"}]


@pytest.mark.parametrize("words", [[f"--{TRAPS}.pdf"], ["verify", f"--{TRAPS}"]])
def test_a_word_that_is_refused_comes_back_written_out(words: list[str]) -> None:
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 64
    assert "\u202e" not in refused.output
    assert "U+202E" in refused.output


@pytest.mark.parametrize(
    ("terminal", "patience", "shown"), [(True, 0, True), (True, 60, False), (False, 0, False)]
)
def test_a_bar_is_shown_on_a_terminal_and_only_to_who_waits(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    terminal: bool,
    patience: int,
    shown: bool,
) -> None:
    monkeypatch.setattr(output, "_PATIENCE", patience)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    assert list(watched(range(3), 3, "reading")) == [0, 1, 2]
    assert ("reading" in capsys.readouterr().err) is shown


def test_whoever_gets_very_many_rows_is_told_so_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setattr(output, "MANY_ROWS", 3)
    for count, told in ((3, 0), (4, 1), (10, 1)):
        assert list(output.counted(range(count))) == list(range(count))
        assert len(capsys.readouterr().err.splitlines()) == told


def test_a_pipe_is_told_nothing_of_how_many_rows_it_gets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "MANY_ROWS", 3)
    print_rows("t", [("n", "数", "n")], ({"n": n} for n in range(10)), as_json=False)
    assert capsys.readouterr().err == ""
