"""Spreadsheets as a user publishes them: template, filled in, sent once, whatever happens."""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.building.events import Json, example
from tests.building.installation import Installation
from tests.building.sheets import fill, put_rows, rows_of

pytestmark = [pytest.mark.office, pytest.mark.timeout(600)]

CASE = "430111-2026-000020"
#: publishes as the command does, and is killed before the n-th message batch leaves
KILLED = """
import os, signal, sys
from commands import event_files
from commands.main import main
from workers.brokers.embedded import EmbeddedOutlet

event_files.CHUNK_EVENTS = 10
left, whole = [int(sys.argv.pop(1))], EmbeddedOutlet.publish

def publish(self, messages):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return whole(self, messages)

EmbeddedOutlet.publish = publish
main()
"""


def case() -> Json:
    return example("24")


def repayments(count: int, amount: str = "80.00") -> list[Json]:
    found = []
    for number in range(count):
        event = example("05")
        event["subject"] = CASE
        event["data"] |= {"case_no": CASE, "amount": amount, "receipt_no": f"R-{number:04d}"}
        found.append(event)
    return found


def change(file: Path, sheet: str, heading: str, value: Any, row: int = 4) -> None:
    book = load_workbook(file)
    headings = [str(cell.value).rstrip("*") for cell in book[sheet][1]]
    book[sheet].cell(row, headings.index(heading) + 1).value = value
    book.save(file)


def result(installation: Installation, *words: str, code: int) -> dict[str, Any]:
    """What ``publish --json`` says, which ends with ``code``."""
    found: dict[str, Any] = json.loads(installation.run("publish", *words, "--json", codes=(code,)))
    return found


def apply(installation: Installation) -> None:
    """What waits in the queue is received and applied; letters are numbered, not made."""
    installation.run("work", "--drain", "--only", "receive,apply")


def cells(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(f["sheet"], f["row"], f["column"], f["code"]) for f in told["faults"]]


def numbers(installation: Installation) -> list[tuple[str, str, str]]:
    return [(row["number"], row["kind"], row["state"]) for row in installation.rows("register")]


def test_the_templates_written_are_told_to_programs(embedded: Installation, tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    assert json.loads(embedded.run("publish", "--template", str(file), "--json")) == [str(file)]
    assert file.exists()


def test_a_filled_template_becomes_letters_and_a_second_run_changes_nothing(
    embedded: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "案件.xlsx"
    embedded.run("publish", "--template", str(file))
    book = load_workbook(file)
    for name, rows in rows_of(case(), example("05")).items():
        put_rows(book[name], rows)
    book.save(file)
    change(file, "还款", "案号", CASE)
    assert result(embedded, str(file), code=0)["sent"] == 2
    embedded.run("work", "--drain")
    letters = numbers(embedded)
    kinds = {kind for _, kind, _ in letters}
    assert kinds == {"recovery_notice", "stop_payment_letter", "suspension_notice"}
    again = result(embedded, str(file), code=0)
    assert (again["sent"], again["known"]) == (0, 2)
    embedded.run("work", "--drain")
    assert numbers(embedded) == letters
    (shown,) = embedded.rows("case", "show", CASE)
    assert shown["outstanding"] == "8173.88"


def test_with_one_fault_nothing_is_sent_and_the_cell_is_told(
    embedded: Installation, tmp_path: Path
) -> None:
    file = fill(tmp_path / "x.xlsx", case(), *repayments(2))
    change(file, "还款", "还款渠道", "现金", row=5)
    told = result(embedded, str(file), code=1)
    assert cells(told) == [("还款", 5, "还款渠道", "cell_choice")]
    assert (told["sent"], told["withheld"]) == (0, 3)
    apply(embedded)
    assert embedded.rows("events", "list") == []


def test_the_faults_are_comments_of_a_copy_that_is_corrected_and_published(
    embedded: Installation, tmp_path: Path
) -> None:
    file, copy = fill(tmp_path / "x.xlsx", case()), tmp_path / "批注.xlsx"
    change(file, "案件", "经办人", "买买提•阿卜杜拉")
    before = file.read_bytes()
    embedded.run("publish", str(file), "--annotate", str(copy), codes=(1,))
    assert file.read_bytes() == before
    embedded.run("publish", str(file), "--annotate", str(copy), codes=(1,))
    change(copy, "案件", "经办人", "买买提·阿卜杜拉")
    unneeded = tmp_path / "unneeded.xlsx"
    embedded.run("publish", str(copy), "--annotate", str(unneeded))
    assert not unneeded.exists()


@pytest.mark.parametrize("names", [["a.csv"], ["a.xlsx", "b.xlsx"], ["a.json"]])
def test_a_copy_with_comments_is_of_one_workbook(
    embedded: Installation, tmp_path: Path, names: list[str]
) -> None:
    for name in names:
        (tmp_path / name).touch()
    files = [str(tmp_path / name) for name in names]
    copy = tmp_path / "copy.xlsx"
    ended = embedded.ended("publish", *files, "--annotate", str(copy))
    assert (ended.returncode, "--annotate" in ended.stderr) == (1, True)
    assert not copy.exists()


def test_with_partial_the_good_rows_go_and_the_rest_follows_once_corrected(
    embedded: Installation, tmp_path: Path
) -> None:
    file = fill(tmp_path / "x.xlsx", case(), *repayments(2))
    change(file, "还款", "还款渠道", "现金", row=5)
    told = result(embedded, str(file), "--partial", code=3)
    assert (told["sent"], told["withheld"]) == (2, 1)
    apply(embedded)
    change(file, "还款", "还款渠道", "捐赠", row=5)
    told = result(embedded, str(file), code=0)
    assert (told["sent"], told["known"]) == (1, 2)
    apply(embedded)
    (shown,) = embedded.rows("case", "show", CASE)
    assert shown["recovered"] == "160.00"


def test_an_accepted_row_that_was_changed_is_told_and_not_sent(
    embedded: Installation, tmp_path: Path
) -> None:
    file = fill(tmp_path / "x.xlsx", case(), *repayments(2))
    result(embedded, str(file), code=0)
    apply(embedded)
    change(file, "还款", "还款金额", "81.00")
    change(file, "案件", "经办人", "陈立")
    told = result(embedded, str(file), code=1)
    assert cells(told) == [
        ("案件", 4, "经办人", "accepted_otherwise"),
        ("还款", 4, "还款金额", "accepted_otherwise"),
    ]
    assert (told["sent"], told["known"], told["withheld"]) == (0, 1, 2)


def test_a_row_that_the_case_refused_may_come_again_corrected(
    embedded: Installation, tmp_path: Path
) -> None:
    file = fill(tmp_path / "x.xlsx", case(), *repayments(1, "9999.00"))
    result(embedded, str(file), code=0)
    apply(embedded)
    (rejected,) = embedded.rows("events", "rejected")
    assert rejected["id"] == f"sheet:430111:{CASE}:R-0000"
    change(file, "还款", "还款金额", "99.00")
    assert result(embedded, str(file), code=0)["sent"] == 1
    apply(embedded)
    (shown,) = embedded.rows("case", "show", CASE)
    assert shown["recovered"] == "99.00"


@pytest.mark.parametrize("worked_off", [True, False])
def test_a_publisher_killed_halfway_and_run_again_does_what_one_run_does(
    embedded: Installation, tmp_path: Path, *, worked_off: bool
) -> None:
    file = fill(tmp_path / "x.xlsx", case(), *repayments(60))
    for done, code in ((2, -signal.SIGKILL), (1, -signal.SIGKILL), (3, -signal.SIGKILL), (99, 0)):
        ended = subprocess.run(
            [sys.executable, "-c", KILLED, str(done), "publish", str(file)],
            env=embedded.environment,
            check=False,
        )
        assert ended.returncode == code
        if worked_off:
            apply(embedded)
    apply(embedded)
    other = Installation(name="other", variables={"HANYIN_HOME": str(tmp_path / "other")})
    result(other, str(file), code=0)
    apply(other)
    assert numbers(embedded) == numbers(other)
    assert _money(embedded) == _money(other) == "4800.00"
    states = Counter(row["state"] for row in embedded.rows("events", "list"))
    assert states == {"applied": 61}


def _money(installation: Installation) -> str:
    (shown,) = installation.rows("case", "show", CASE)
    return str(shown["recovered"])


def test_an_agency_that_the_directory_does_not_have_is_refused(
    embedded: Installation, tmp_path: Path
) -> None:
    file = fill(tmp_path / "x.xlsx", case())
    embedded.run("publish", str(file), "--agency", "430112", codes=(4,))
    embedded.run("publish", str(file), "--source", "/elsewhere", codes=(4,))
