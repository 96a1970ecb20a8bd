"""Letters held against the ledger."""

import hashlib

from schemas.records import Record, RecordStanding
from signing.examination import examine
from signing.record import compared
from signing.verdict import Verdict, Word
from tests.building.levels import raised, renewed
from tests.building.sealing import NUMBER, root
from tests.building.tampering import good


def _record(pdf: bytes | None = None, **changes: object) -> Record:
    values = {
        "number": NUMBER,
        "sha256": hashlib.sha256(good() if pdf is None else pdf).hexdigest(),
        "standing": RecordStanding.IN_FORCE,
    }
    return Record(**(values | changes))  # type: ignore[arg-type]


def _held(pdf: bytes, *records: Record) -> Verdict:
    return compared(examine(pdf, (root(),)), records)


def _codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def test_a_letter_on_record_is_ours_and_in_force() -> None:
    verdict = _held(good(), _record())
    assert (verdict.word, verdict.standing, verdict.replaced_by) == (Word.GENUINE, "in_force", None)


def test_a_rendition_is_known_by_what_was_sealed() -> None:
    assert _held(renewed(raised(good())), _record()).standing == "in_force"


def test_a_letter_that_was_stored_raised_is_known_too() -> None:
    assert _held(renewed(raised(good())), _record(raised(good()))).word is not Word.UNKNOWN


def test_a_number_that_the_ledger_lacks_is_not_ours() -> None:
    assert _codes(_held(good())) == ["not_in_ledger"]


def test_another_file_under_the_number_is_not_ours() -> None:
    assert _codes(_held(good(), _record(b"another"))) == ["differs_from_ledger"]
    assert _codes(_held(good(), _record(sha256=None))) == ["differs_from_ledger"]


def test_agencies_may_have_numbers_of_the_same_spelling() -> None:
    assert _held(good(), _record(b"another"), _record()).standing == "in_force"


def test_a_void_letter_stays_genuine_and_is_said_to_be_void() -> None:
    verdict = _held(good(), _record(standing=RecordStanding.VOID))
    assert (verdict.word, verdict.standing) == (Word.GENUINE, "void")
    assert "letter_void" in [remark.code for remark in verdict.remarks]


def test_a_replaced_letter_names_the_one_in_its_place() -> None:
    record = _record(standing=RecordStanding.REPLACED, replaced_by="稽（待遇）字〔2026〕第13号")
    verdict = _held(good(), record)
    assert (verdict.standing, verdict.replaced_by) == ("replaced", "稽（待遇）字〔2026〕第13号")
    assert "第13号" in verdict.remarks[-1].message


def test_what_is_not_genuine_is_not_looked_up() -> None:
    verdict = _held(good() + b" ", _record())
    assert _codes(verdict) == ["bytes_unaccounted"]
