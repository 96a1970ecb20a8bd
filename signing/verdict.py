"""What a verification says of a file."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from schemas.codes import Problem


class Word(StrEnum):
    """The verdict in a word; the value is contract."""

    GENUINE = "genuine"  # sealed by a trusted agency, unchanged since
    NOT_GENUINE = "not_genuine"  # not signed, changed, or signed by somebody else
    UNKNOWN = "unknown"  # it cannot be told here


class Refused(Exception):  # what the file gets, not a fault of the program
    """A check failed: the file is not genuine, ``code`` (of ``schemas.codes``) says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The verdict on one file. A file that is not genuine is said to be nobody's."""

    word: Word
    #: why it is not genuine, or why that cannot be told; empty for a genuine file
    reasons: tuple[Problem, ...] = ()
    #: the subject of the signer's certificate (RFC 4514)
    signer: str | None = None
    #: aware; what the signature says
    sealed_at: datetime | None = None
    #: PAdES baseline level
    level: str | None = None
    #: the document's number, as the signature says it
    number: str | None = None
    pages: int | None = None

    @classmethod
    def not_genuine(cls, code: str) -> Self:
        """Not genuine, because of ``code``."""
        return cls(word=Word.NOT_GENUINE, reasons=(Problem.of("", code),))

    @classmethod
    def unknown(cls, code: str, **values: object) -> Self:
        """It cannot be told, because of ``code``."""
        return cls(word=Word.UNKNOWN, reasons=(Problem.of("", code, **values),))

    @property
    def genuine(self) -> bool:
        """True for a genuine file alone."""
        return self.word is Word.GENUINE

    def as_dict(self) -> dict[str, Any]:
        """The fields as JSON takes them; a reason is {code, message, message_en}."""
        fields = asdict(self)
        fields.pop("word")
        reasons = [
            {"code": r.code, "message": r.message, "message_en": r.message_en} for r in self.reasons
        ]
        sealed_at = self.sealed_at.isoformat() if self.sealed_at else None
        return {"verdict": self.word.value, **fields, "reasons": reasons, "sealed_at": sealed_at}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """The verdict that ``as_dict`` wrote down. Raises KeyError, TypeError or ValueError."""
        sealed_at = fields["sealed_at"]
        return cls(
            word=Word(fields["verdict"]),
            reasons=tuple(Problem(pointer="", **reason) for reason in fields["reasons"]),
            signer=fields["signer"],
            sealed_at=datetime.fromisoformat(sealed_at) if sealed_at else None,
            level=fields["level"],
            number=fields["number"],
            pages=fields["pages"],
        )
