"""The report on verified files: whole, in both languages, and not led by what is in a file."""

import sys
from dataclasses import replace

import pytest

from commands.language import choose
from commands.verdicts import print_verdicts
from schemas.codes import Problem
from signing.examination import examine
from signing.verdict import Attribution, Spelling, Verdict, Word
from tests.building import respelling
from tests.building.levels import raised, sealed_at_level
from tests.building.sealing import NUMBER, root
from tests.building.tampering import good


def _report(
    verdict: Verdict,
    capsys: pytest.CaptureFixture[str],
    *,
    english: bool = False,
    width: int = 120,
) -> str:
    """What is shown on a terminal of that width."""
    choose("en" if english else "zh")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        patch.setenv("COLUMNS", str(width))
        patch.setenv("PAGER", "cat")
        patch.setenv("NO_COLOR", "1")
        print_verdicts([("a.pdf", verdict)])
    choose(None)
    return capsys.readouterr().out


def test_a_genuine_letter_s_report_says_who_when_what(capsys: pytest.CaptureFixture[str]) -> None:
    said = _report(examine(raised(good()), (root(),)), capsys)
    for words in ("真实", NUMBER, "B-LTA", "时间戳证明不晚于", "验证数据"):
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


@pytest.mark.parametrize("spelling", Spelling)
def test_unchanged_is_said_only_where_it_is_known(
    capsys: pytest.CaptureFixture[str], spelling: Spelling
) -> None:
    """Beside the signature a time stamp may have come or gone; the ledger has the digest."""
    held = spelling is Spelling.HELD
    remarks = () if held else (Problem.of("", spelling.value),)
    verdict = replace(examine(good(), (root(),)), attribution=Attribution(), remarks=remarks)
    said = _report(verdict, capsys, english=True)
    assert ("unchanged since" in said) is held
    assert ("未改动" in _report(verdict, capsys)) is held
    assert "the sealer's own word" in said
    assert "none of this installation's" in said
    on_record = replace(verdict, standing="in_force")
    assert "the letter on record" in _report(on_record, capsys, english=True)


def test_another_body_s_letter_is_not_called_simply_genuine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    verdict = replace(
        examine(good(), (root(),)),
        attribution=Attribution(matches_agency=False),
        standing="in_force",
    )
    assert "ANOTHER BODY'S letter" in _report(verdict, capsys, english=True)
    assert "不是所询问机构的文书" in _report(verdict, capsys)


def test_what_a_file_says_of_itself_is_marked_where_it_was_not_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    verdict = replace(examine(good(), (root(),)), word=Word.UNKNOWN)
    said = _report(verdict, capsys, english=True)
    assert "sealed by (not verified)" in said
    assert "number (not verified)" in said
    assert "PAdES" not in said
    assert "added since" not in said


@pytest.mark.parametrize("proven", [True, False])
def test_revocation_is_said_of_the_time_that_it_is_known_for(
    capsys: pytest.CaptureFixture[str], *, proven: bool
) -> None:
    verdict = replace(examine(good(), (root(),)), revocation="good")
    if proven:
        verdict = replace(verdict, proven_at=verdict.sealed_at)
    said = _report(verdict, capsys, english=True)
    assert ("not revoked when sealed" in said) is proven
    assert ("not revoked at that time" in said) is not proven


def test_other_bytes_are_said_to_be_other(capsys: pytest.CaptureFixture[str]) -> None:
    verdict = examine(respelling.without_root(sealed_at_level()), (root(),))
    assert "OTHER BYTES" in _report(verdict, capsys, english=True)
    assert "文件字节不是用印时所写" in _report(verdict, capsys)


def test_a_pipe_gets_a_line_a_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    choose("zh")
    verdict = examine(raised(good()), (root(),))
    print_verdicts([("a\tb.pdf", verdict), ("c.pdf", examine(good() + b" ", (root(),)))])
    first, second = capsys.readouterr().out.splitlines()
    assert first.split("\t")[:3] == ["a<U+0009>b.pdf", "真实，签章后未改动", NUMBER]
    # what a file says of itself is no finding where it is not genuine
    assert second.split("\t")[:5] == ["c.pdf", "不真实", "", "", ""]
    assert "bytes_unaccounted" in second.split("\t")[-1]
    assert first.count("\t") == second.count("\t") == 8


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_number_is_whole_on_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], width: int
) -> None:
    assert NUMBER in _report(examine(good(), (root(),)), capsys, width=width)
