"""The main job as a user sees it: files published, letters out, on both set-ups."""

import base64
import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from schemas.message_models import MESSAGE_MODELS
from tests.building.installation import Installation, example_file

pytestmark = [pytest.mark.office, pytest.mark.timeout(600)]

FIRST_CASE = ["01", "02", "03", "04", "05", "06"]
RARE_NAME = "𠅤㛃䶮"


def publish(installation: Installation, *names: str) -> None:
    installation.publish(*(example_file(name) for name in names))


def run(installation: Installation, *names: str) -> list[dict[str, Any]]:
    """The register after these examples have been worked off."""
    publish(installation, *names)
    installation.run("work", "--drain")
    return installation.rows("register")


def kinds(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["kind"], []).append(row["number"])
    return found


def fetch(installation: Installation, number: str, folder: Path) -> Path:
    file = folder / "letter.pdf"
    installation.run("documents", "get", number, "-o", str(file))
    return file


def text_of(file: Path) -> str:
    ended = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True)
    return "".join(ended.stdout.decode().split())


def test_the_first_case_from_confirmation_to_release(
    installation: Installation, tmp_path: Path
) -> None:
    before_the_rest = run(installation, *FIRST_CASE[:5])
    assert "release_payment_letter" not in kinds(before_the_rest)
    rows = run(installation, *FIRST_CASE)
    assert {row["state"] for row in rows} == {"announced"}
    assert kinds(rows) == {
        "suspension_notice": ["稽（告知）字〔2026〕第1号", "稽（告知）字〔2026〕第2号"],
        "recovery_notice": ["稽（待遇）字〔2026〕第1号"],
        "audit_opinion": ["稽（待遇）字〔2026〕第2号"],
        "stop_payment_letter": ["稽（止付）字〔2026〕第1号"],
        "release_payment_letter": ["稽（解付）字〔2026〕第1号"],
    }
    opinion = text_of(fetch(installation, "稽（待遇）字〔2026〕第2号", tmp_path))
    for words in ("刘晓云", "刘德厚", "城乡居民基本养老金"):
        assert words in opinion
    release = text_of(fetch(installation, "稽（解付）字〔2026〕第1号", tmp_path))
    assert "稽（止付）字〔2026〕第1号" in release


def test_the_audit_opinion_is_over_what_was_outstanding(
    embedded: Installation, tmp_path: Path
) -> None:
    run(embedded, "01", "02", "03", "04")
    opinion = text_of(fetch(embedded, "稽（待遇）字〔2026〕第2号", tmp_path))
    assert "3465.30" in opinion
    assert "叁仟肆佰陆拾伍元叁角" in opinion


def test_a_bounced_repayment_stops_the_card_again(installation: Installation) -> None:
    run(installation, *FIRST_CASE)
    rows = run(installation, "43")
    assert kinds(rows)["stop_payment_letter"] == [
        "稽（止付）字〔2026〕第1号",
        "稽（止付）字〔2026〕第2号",
    ]
    (case,) = installation.rows("case", "show", "430111-2026-000017")
    assert (case["state"], case["outstanding"]) == ("open", "2000.00")


def test_two_benefits_on_two_cards_stop_at_two_banks(installation: Installation) -> None:
    run(installation, "11")
    for bank in ("icbc", "psbc"):
        (letter,) = installation.letters(f"letters.bank.{bank}")
        assert letter["data"]["kind"] == "stop_payment_letter"


def test_rare_characters_print_in_a_real_font_and_data_is_never_code(
    embedded: Installation, tmp_path: Path
) -> None:
    rows = run(embedded, "21")
    assert "stop_payment_letter" not in kinds(rows)
    text = text_of(fetch(embedded, rows[0]["number"], tmp_path))
    assert RARE_NAME in text
    assert '<甲&乙>"丙"{{丁}}{%戊%}' in text


def test_publishing_again_changes_nothing(installation: Installation) -> None:
    first = run(installation, *FIRST_CASE, "11")
    assert run(installation, *FIRST_CASE, "11") == first
    assert installation.rows("events", "rejected") == []


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_of_publishing_ends_in_the_same_state(embedded: Installation, seed: int) -> None:
    names = [*FIRST_CASE, "11", "24"]
    random.Random(seed).shuffle(names)
    rows = run(embedded, *names)
    assert {row["state"] for row in rows} == {"announced"}
    (case,) = embedded.rows("case", "show", "430111-2026-000017")
    assert (case["state"], case["recovered"]) == ("cleared", "3465.30")
    counts = {kind: len(numbers) for kind, numbers in kinds(rows).items()}
    assert counts == {
        "recovery_notice": 3,
        "audit_opinion": 1,
        "stop_payment_letter": 4,
        "release_payment_letter": 1,
        "suspension_notice": 4,
    }


def test_what_leaves_is_what_the_contract_shows(installation: Installation, tmp_path: Path) -> None:
    run(installation, *FIRST_CASE)
    messages = installation.letters("documents.all")
    letters = installation.letters("letters.bank.abc")
    for message in [*messages, *letters]:
        name = message["type"].removeprefix("hanyin.").removesuffix(".v1")
        MESSAGE_MODELS[name].model_validate(message["data"])
    types = [message["type"] for message in messages]
    assert types.count("hanyin.document.archived.v1") == 6
    assert types.count("hanyin.case.cleared.v1") == 1
    stop, release = letters
    assert release["data"]["releases"] == {
        "number": stop["data"]["number"],
        "reference": stop["data"]["reference"],
    }
    file = tmp_path / "from-the-queue.pdf"
    file.write_bytes(base64.b64decode(stop["data"]["content_base64"]))
    (verdict,) = json.loads(installation.run("verify", str(file), "--json"))
    assert (verdict["verdict"], verdict["number"]) == ("genuine", stop["data"]["number"])


def test_other_programs_find_the_letters_sound(embedded: Installation, tmp_path: Path) -> None:
    for row in run(embedded, *FIRST_CASE):
        file = fetch(embedded, row["number"], tmp_path)
        signature = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=False)
        said = signature.stdout.decode()
        assert "Signature is Valid" in said, row
        assert "Total document signed" in said, row
        fonts = subprocess.run(["pdffonts", file], capture_output=True, check=True)
        lines = fonts.stdout.decode().splitlines()[2:]
        # columns from the right: object ID (2), uni, sub, emb
        assert lines, row
        assert all(re.search(r"\syes\s+yes\s+yes\s+\d+\s+\d+$", line) for line in lines), row


def test_a_letter_with_one_byte_changed_is_not_genuine(
    embedded: Installation, tmp_path: Path
) -> None:
    (row,) = run(embedded, "21")
    file = fetch(embedded, row["number"], tmp_path)
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)
    (verdict,) = json.loads(embedded.run("verify", str(file), "--json", codes=(1,)))
    assert verdict["verdict"] == "not_genuine"
    assert verdict["reasons"]


def test_an_invalid_file_sends_nothing(embedded: Installation, tmp_path: Path) -> None:
    event = json.loads(example_file("24").read_text())
    event["data"]["overpayments"][0]["amount"] = 9639.18
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(event))
    embedded.run("publish", str(example_file("01")), str(wrong), codes=(1,))
    embedded.run("work", "--drain")
    assert embedded.rows("register") == []


def test_an_invalid_event_that_is_sent_all_the_same_is_answered(
    embedded: Installation, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"id": "x", "source": "/hunan/430111/benefits"}')
    embedded.run("publish", "--no-validate", str(wrong))
    embedded.run("work", "--drain")
    (row,) = embedded.rows("events", "rejected")
    assert row["id"] == "x"
    assert {"pointer", "code", "message", "message_en"} == set(row["errors"][0])
    (message,) = embedded.letters("rejections.all")
    assert message["data"]["event"]["id"] == "x"


def test_a_character_that_no_font_has_stops_its_document_alone(
    embedded: Installation, tmp_path: Path
) -> None:
    event = json.loads(example_file("24").read_text())
    # 𯨞: the last code point of a block of compatibility ideographs, unassigned
    event["data"]["facts"] += "\U0002fa1e"
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event))
    embedded.run("publish", str(file), str(example_file("21")))
    embedded.run("work", "--drain", codes=(3,))
    states = {row["kind"] + row["case_no"][-2:]: row["state"] for row in embedded.rows("register")}
    assert states["recovery_notice20"] == "failed"
    assert {state for key, state in states.items() if key != "recovery_notice20"} == {"announced"}
    (failed,) = embedded.rows("documents", "list", "--state", "failed")
    assert "U+2FA1E" in failed["problem"]
