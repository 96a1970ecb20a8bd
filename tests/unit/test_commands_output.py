"""What commands show of a value that comes from outside."""

import json
import sys

import pytest
from typer.testing import CliRunner

from commands import output
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


def test_a_title_in_square_brackets_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows("[red]a.xlsx[/red]", [("name", "名", "name")], [{"name": "b" * 40}], as_json=False)
    assert "[red]a.xlsx[/red]" in capsys.readouterr().out


def test_what_a_terminal_would_obey_is_written_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(TRAPS, [("name", "名", "name")], [{"name": TRAPS * 2}], as_json=False)
    complain(TRAPS)
    note(TRAPS)
    print_line(TRAPS)
    written = capsys.readouterr()
    assert (written.out + written.err).count(SHOWN) == 6
    assert "\x1b" not in written.out + written.err


def test_json_holds_it_as_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([{"file": TRAPS, "agency": "雨花区"}])
    text = capsys.readouterr().out
    assert "\u202e" not in text
    assert "雨花区" in text
    assert json.loads(text) == [{"file": TRAPS, "agency": "雨花区"}]


@pytest.mark.parametrize("words", [[f"--{TRAPS}.pdf"], ["verify", f"--{TRAPS}"]])
def test_a_word_that_is_refused_comes_back_written_out(words: list[str]) -> None:
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 2
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
