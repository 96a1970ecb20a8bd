"""What a verification says of a file."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from schemas.codes import Problem
from schemas.levels import SealLevel


class Word(StrEnum):
    """The verdict in a word; the value is contract."""

    GENUINE = "genuine"  # sealed under a trusted root; what was sealed is unchanged
    NOT_GENUINE = "not_genuine"  # not signed, changed, or signed by somebody else
    UNKNOWN = "unknown"  # it cannot be told here


class Spelling(StrEnum):
    """Whether the bytes beside the signature are those of sealing; the value is its remark's code.

    ``--ledger`` settles it: the record has the digest of every byte.
    """

    HELD = "held"  # every byte is as it was sealed; no remark
    OPEN = "bytes_not_held"  # nothing fixes certificates and time stamp beside the signature
    OTHER = "other_bytes"  # not as our sealing spells them


class Refused(Exception):  # what the file gets, not a fault of the program
    """A check failed: the file is not genuine, ``code`` (of ``schemas.codes``) says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Undecided(Exception):  # what the file gets, not a fault of the program
    """What the file holds does not settle it: ``code`` (of ``schemas.codes``) says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, kw_only=True)
class Addition:
    """A revision that came after sealing and is allowed."""

    #: document_time_stamp or validation_data
    what: str
    #: aware, UTC; a time stamp's time
    at: datetime | None = None
    #: the time stamp authority (RFC 4514)
    by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """Whose letter a genuine file is, by a directory of agencies."""

    #: code of the agency whose seal it is, or one of its bodies'; None where it is none of theirs
    agency: str | None = None
    #: the name of that agency or body
    body: str | None = None
    #: whether it is the agency that was asked for; None where none was
    matches_agency: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The verdict on one file. A file that is not genuine is said to be nobody's."""

    word: Word
    #: why it is not genuine, or why that cannot be told; empty for a genuine file
    reasons: tuple[Problem, ...] = ()
    #: what a reader should know of a file all the same: what was not checked, what is not proven
    remarks: tuple[Problem, ...] = ()
    #: the subject of the signer's certificate (RFC 4514)
    signer: str | None = None
    #: aware; what the signature says
    sealed_at: datetime | None = None
    #: aware; the earliest time for which a trusted time stamp proves that it was sealed by then
    proven_at: datetime | None = None
    #: whose word the time is (``times.Source``)
    time_source: str | None = None
    #: PAdES baseline level (``schemas.levels``)
    level: str | None = None
    #: good or not_checked (``status.Revocation``)
    revocation: str | None = None
    #: the document's number, as the signature says it
    number: str | None = None
    pages: int | None = None
    #: what was added after sealing, in order
    additions: tuple[Addition, ...] = ()
    #: SHA-256 of the file as it was sealed, and as it was after each addition
    digests: tuple[str, ...] = ()
    #: in_force, void or replaced; None where no ledger was asked
    standing: str | None = None
    #: the number of the document that replaces it
    replaced_by: str | None = None
    #: whose letter it is; None where no directory was asked
    attribution: Attribution | None = None

    @classmethod
    def not_genuine(cls, code: str) -> Self:
        """Not genuine, because of ``code``."""
        return cls(word=Word.NOT_GENUINE, reasons=(Problem.of("", code),))

    @classmethod
    def unknown(cls, code: str, **values: object) -> Self:
        """It cannot be told, because of ``code``."""
        return cls(word=Word.UNKNOWN, reasons=(Problem.of("", code, **values),))

    def reaches(self, level: SealLevel) -> bool:
        """True where the file is of ``level`` or a higher one."""
        return self.level is not None and SealLevel(self.level).reaches(level)

    @property
    def genuine(self) -> bool:
        """True for a genuine file alone."""
        return self.word is Word.GENUINE

    @property
    def spelling(self) -> Spelling:
        """What is known of the bytes that the signature does not cover."""
        codes = {remark.code for remark in self.remarks}
        return next((each for each in Spelling if each.value in codes), Spelling.HELD)

    def as_dict(self) -> dict[str, Any]:
        """The fields as JSON takes them; a reason or remark is {code, message, message_en}.

        Without ``attribution``, which is not the file's.
        """
        fields = asdict(self)
        fields.pop("word")
        fields.pop("attribution")
        for name in ("reasons", "remarks"):
            fields[name] = [_sentences(problem) for problem in getattr(self, name)]
        fields["additions"] = [
            asdict(addition) | {"at": _text(addition.at)} for addition in self.additions
        ]
        fields["digests"] = list(self.digests)
        for name in ("sealed_at", "proven_at"):
            fields[name] = _text(getattr(self, name))
        return {"verdict": self.word.value, **fields}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """The verdict that ``as_dict`` wrote down. Raises KeyError, TypeError or ValueError."""
        values = dict(fields)
        for name in ("reasons", "remarks"):
            values[name] = tuple(Problem(pointer="", **entry) for entry in fields[name])
        for name in ("sealed_at", "proven_at"):
            values[name] = _time(fields[name])
        values["additions"] = tuple(
            Addition(**entry | {"at": _time(entry["at"])}) for entry in fields["additions"]
        )
        values["digests"] = tuple(fields["digests"])
        return cls(word=Word(values.pop("verdict")), **values)


def _sentences(problem: Problem) -> dict[str, str]:
    return {
        "code": problem.code,
        "message": problem.message,
        "message_en": problem.message_en,
    }


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
