"""What the ledger has on record of a letter, as a verification compares it."""

from dataclasses import dataclass
from enum import StrEnum


class RecordStanding(StrEnum):
    """Whether a letter is in force; the value is contract."""

    IN_FORCE = "in_force"
    VOID = "void"  # made void, nothing in its place
    REPLACED = "replaced"  # another document stands in its place


@dataclass(frozen=True, kw_only=True)
class Record:
    """One document of the ledger."""

    number: str
    #: SHA-256 of the sealed file, hexadecimal; None where it was never sealed
    sha256: str | None
    standing: RecordStanding
    #: the number of the document in its place
    replaced_by: str | None = None
