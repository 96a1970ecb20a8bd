"""The report on verified files: whole, in both languages, and not led by what is in a file."""

import pytest

from commands.language import choose
from commands.verdicts import print_verdicts
from signing.examination import examine
from signing.verdict import Verdict, Word
from tests.building.levels import raised
from tests.building.sealing import NUMBER, root
from tests.building.tampering import good


def _report(verdict: Verdict, capsys: pytest.CaptureFixture[str], *, english: bool = False) -> str:
    choose("en" if english else "zh")
    print_verdicts([("a.pdf", verdict)])
    choose(None)
    return capsys.readouterr().out


def test_a_genuine_letter_s_report_says_who_when_what(capsys: pytest.CaptureFixture[str]) -> None:
    said = _report(examine(raised(good()), (root(),)), capsys)
    for words in ("真实，签章后未改动", NUMBER, "B-LTA", "时间戳证明不晚于", "验证数据"):
        assert words in said


def test_a_forged_one_s_report_says_why_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = _report(examine(good() + b" ", (root(),)), capsys, english=True)
    assert "NOT genuine" in said
    assert "bytes_unaccounted" in said
    assert "sealed by" not in said


def test_a_name_in_the_file_cannot_write_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    name = "CN=x[/][bold green]真实[/]\n结论 真实\x1b[2J\r"
    said = _report(Verdict(word=Word.UNKNOWN, signer=name), capsys)
    assert "\x1b[2J" not in said
    assert "[bold green]真实[/]<U+000A>结论" in said.replace("\n", "")
