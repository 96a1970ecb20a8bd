"""Remarks on many events: equal ones are one line with a count."""

from commands.remarks import KEPT, Remarks
from schemas.codes import Problem


def _late(pointer: str = "/time") -> Problem:
    return Problem.of(pointer, "basis_ending", until="2027-08-17")


def test_one_remark_is_a_sentence_with_where_it_is() -> None:
    remarks = Remarks()
    remarks.add("a.jsonl:3", _late())
    (group,) = remarks.groups
    assert group.line() == next(group.lines())
    assert group.line().startswith("a.jsonl:3 /time [basis_ending] ")


def test_equal_remarks_are_one_line_with_their_count_and_the_first() -> None:
    remarks = Remarks()
    for number in range(37_000):
        remarks.add(f"a.jsonl:{number}", _late(f"/data/benefit_cards/{number % 7}/type"))
    (group,) = remarks.groups
    assert "37,000" in group.line()
    assert "a.jsonl:0、a.jsonl:1、a.jsonl:2……" in group.line()
    assert group.row()["count"] == 37_000


def test_of_equal_errors_the_first_are_told_one_by_one() -> None:
    remarks = Remarks()
    for number in range(KEPT + 5):
        remarks.add(f"a.jsonl:{number}", _late())
    *lines, last = next(iter(remarks.groups)).lines()
    assert [line.split()[0] for line in lines] == [f"a.jsonl:{n}" for n in range(KEPT)]
    assert "5" in last


def test_remarks_on_different_members_stand_apart() -> None:
    remarks = Remarks()
    remarks.add("a", _late("/time"))
    remarks.add("a", _late("/data/0/time"))
    remarks.add("a", _late("/data/1/time"))
    assert [group.count for group in remarks.groups] == [1, 2]


def test_members_that_somebody_invents_take_no_memory_without_end() -> None:
    remarks = Remarks()
    for number in range(5_000):
        remarks.add("a", _late(f"/data/member{number}"))
    assert len(remarks.groups) < 300
    assert sum(group.count for group in remarks.groups) == 5_000
