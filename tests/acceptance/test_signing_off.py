"""A letter on its way through the hands of people: approved, served, signed, brought back, void."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.building.installation import Installation, example_file
from tests.building.judge import gather, judge

pytestmark = [pytest.mark.office, pytest.mark.timeout(600)]

DEMO = Path(__file__).parents[2] / "config" / "demo.toml"
NOTICE = "稽（待遇）字〔2026〕第1号"
APPROVER = ("--by", "王主任", "--post", "主任")


@pytest.fixture
def approving(installation: Installation, tmp_path: Path) -> Installation:
    """Both set-ups, the agency's recovery notices waiting for an approver."""
    file = tmp_path / "directory.toml"
    text = DEMO.read_text(encoding="utf-8")
    file.write_text(
        text.replace("demo = true", 'demo = true\napproval = ["recovery_notice"]', 1),
        encoding="utf-8",
    )
    variables = {**installation.variables, "HANYIN_DIRECTORY_FILE": str(file)}
    return Installation(name=installation.name, variables=variables)


def waiting(installation: Installation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        installation.run("work", "--drain", "--json", codes=(3,))
    )
    return found


def shown(installation: Installation, number: str = NOTICE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(installation.run("documents", "show", number, "--json"))
    return found


def test_a_notice_is_approved_made_signed_by_hand_brought_back_and_voided(
    approving: Installation, tmp_path: Path
) -> None:
    approving.publish(example_file("01"))
    assert [row["name"] for row in waiting(approving)] == [NOTICE]
    (unsigned,) = approving.rows("documents", "list", "--state", "awaiting_approval")
    assert (unsigned["number"], unsigned["attachments"]) == (NOTICE, [])

    approving.run("documents", "approve", NOTICE, *APPROVER, "--checked-by", "李科长")
    approving.run("documents", "approve", NOTICE, *APPROVER, codes=(1,))
    approving.run("work", "--drain")
    notice = shown(approving)
    assert notice["signoff"]["approved"]["name"] == "王主任"
    assert [each["role"] for each in notice["attachments"]] == ["service_record"]

    record = tmp_path / "record.pdf"
    approving.run("documents", "get", NOTICE, "--attachment", "1", "-o", str(record))
    text = subprocess.run(["pdftotext", "-raw", record, "-"], capture_output=True, check=True)
    words = "".join(text.stdout.decode().split())
    assert "送达回证" in words
    assert NOTICE in words

    scan = tmp_path / "..\u202e签字.png"
    Image.new("L", (1240, 1754), 255).save(scan)
    for _ in range(2):
        approving.run("documents", "attach", NOTICE, str(scan), "--brought-by", "刘晓云")
    _, copy = shown(approving)["attachments"]
    assert (copy["media_type"], copy["brought_by"]) == ("image/png", "刘晓云")
    assert copy["file_name"] == "签字.png"
    back = tmp_path / "back.png"
    approving.run("documents", "get", NOTICE, "--attachment", "2", "-o", str(back))
    assert back.read_bytes() == scan.read_bytes()
    approving.run("documents", "get", NOTICE, "--attachment", "3", "-o", str(back), codes=(1,))

    approving.run("documents", "void", NOTICE, "--reason", "金额写错", *APPROVER, "--replace")
    void = shown(approving)
    assert (void["state"], void["void_reason"]) == ("void", "金额写错")
    (unsigned,) = approving.rows("documents", "list", "--state", "awaiting_approval")
    assert (unsigned["number"], unsigned["replaces"]) == (void["replaced_by"], NOTICE)

    approving.run("documents", "approve", unsigned["number"], *APPROVER)
    approving.run("work", "--drain")
    rows = approving.rows("archive", "fixity")
    assert {row["state"] for row in rows} == {"intact"}
    assert [row["attachment"] for row in rows if row["number"] == NOTICE] == [None, 1, 2]
    assert judge(gather(approving, [])) == []


def test_what_is_no_scan_is_refused_with_a_sentence_whatever_it_is_called(
    approving: Installation, tmp_path: Path
) -> None:
    approving.publish(example_file("21"))
    waiting(approving)
    program = tmp_path / "签字.pdf"
    program.write_bytes(b"MZ\x90\x00")
    order = ("documents", "attach", NOTICE, str(program), "--brought-by", "刘晓云")
    approving.run(*order, codes=(1,))
    assert shown(approving)["attachments"] == []
