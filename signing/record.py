"""A genuine letter held against the ledger: the one on record, or not; in force, or not."""

from collections.abc import Sequence
from dataclasses import replace

from schemas.codes import Problem
from schemas.records import Record, RecordStanding
from signing.verdict import Spelling, Verdict, Word

#: what is said of bytes that nothing but a record of them can tell
_UNTOLD = frozenset(each.value for each in Spelling)


def compared(verdict: Verdict, records: Sequence[Record]) -> Verdict:
    """The verdict that the ledger's ``records`` of this number allow.

    A letter that the archive raised is known by its digest as it was first stored, before
    anything was added. One that is void or replaced stays genuine and says so: ``standing``,
    and a remark. What was not genuine, or could not be told, stays as it was.
    """
    if verdict.word is not Word.GENUINE:
        return verdict
    if not records:
        return Verdict.not_genuine("not_in_ledger")
    own = next((record for record in records if record.sha256 in verdict.digests), None)
    if own is None:
        return Verdict.not_genuine("differs_from_ledger")
    return replace(
        verdict,
        standing=own.standing.value,
        replaced_by=own.replaced_by,
        # each byte is as it is on record
        remarks=(*(r for r in verdict.remarks if r.code not in _UNTOLD), *_remarks(own)),
    )


def _remarks(record: Record) -> list[Problem]:
    if record.standing is RecordStanding.REPLACED:
        return [Problem.of("", "letter_replaced", number=record.replaced_by)]
    if record.standing is RecordStanding.VOID:
        return [Problem.of("", "letter_void")]
    return []
