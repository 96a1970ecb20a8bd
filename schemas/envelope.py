"""The CloudEvents envelope of what comes in: read as far as it can be, and validated.

``read_envelope`` reads what it can from any bytes, so that a rejection can name its event
whatever the data holds; ``EventEnvelope`` is the strict form (CloudEvents 1.0, structured mode).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, TypeAdapter, ValidationError, WithJsonSchema

from schemas import limits
from schemas.fields import CaseNo, Strict, Time, clean_text, fault
from schemas.reading import SIZE_LIMIT

#: ``hanyin.<name>.v<version>``
EVENT_TYPE = re.compile(r"hanyin\.([a-z_]+\.[a-z_]+)\.v1", re.ASCII)
#: characters of a URI reference (RFC 3986, appendix A)
_URI_REFERENCE = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)


def _source(value: object) -> str:
    text = clean_text(value, longest=limits.ENVELOPE)
    if _URI_REFERENCE.fullmatch(text) is None:
        raise fault("source_format")
    return text


_LENGTHS = {"type": "string", "minLength": 1, "maxLength": limits.ENVELOPE}
_Id = Annotated[
    str,
    BeforeValidator(lambda value: clean_text(value, longest=limits.ENVELOPE)),
    WithJsonSchema(_LENGTHS),
]
_Source = Annotated[
    str, BeforeValidator(_source), WithJsonSchema({**_LENGTHS, "format": "uri-reference"})
]


class EventEnvelope(Strict):
    """The strict envelope; ``data`` is validated by its type's own model."""

    specversion: Literal["1.0"]
    id: _Id
    source: _Source
    type: _Id
    time: Time
    subject: CaseNo
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What can be read of a message's envelope; None for what is not there or not storable."""

    source: str | None = None
    id: str | None = None
    #: the full type, ``hanyin.overpayment.confirmed.v1``
    type: str | None = None
    subject: str | None = None
    #: aware
    time: datetime | None = None
    #: of ``data``
    agency: str | None = None
    #: of ``data``
    case_no: str | None = None


def read_envelope(raw: bytes, *, size_limit: int = SIZE_LIMIT) -> Envelope:
    """What the first ``size_limit`` bytes of ``raw`` tell of its envelope; never fails.

    Works on broken, truncated, too deep and wrongly encoded messages as well. A member that
    stands twice with different values is not readable.
    """
    text = raw[:size_limit].decode("utf-8", errors="surrogateescape")
    members: dict[tuple[str, ...], str | None] = {}
    for path, part in _scalars(text):
        value = _storable(part)
        members[path] = value if members.get(path, value) == value else None
    return Envelope(
        source=members.get(("source",)),
        id=members.get(("id",)),
        type=members.get(("type",)),
        subject=members.get(("subject",)),
        time=_time(members.get(("time",))),
        agency=members.get(("data", "agency")),
        case_no=members.get(("data", "case_no")),
    )


#: a whole string; a mark of structure, or the quote of a string that does not end; other text
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,"]|[^\s{}\[\]:,"]+', re.DOTALL)
#: how deep members are named: those of the message, and those of its data
_NAMED_DEPTH = 2


def _scalars(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path and part of each string in the message's and its data's own members."""
    depth = 0
    names = [""] * _NAMED_DEPTH
    last = ""
    in_value = False
    for match in _TOKENS.finditer(text):
        part = match[0]
        if part == '"' or (depth == 0 and part != "{"):
            return
        named = depth <= _NAMED_DEPTH
        if part in "{[":
            depth += 1
            in_value = False
        elif part in "}]":
            depth -= 1
        elif part == "," and named:
            in_value = False
        elif part == ":" and named:
            names[depth - 1] = last
            in_value = True
        elif named and in_value and part[0] == '"':
            yield tuple(_text(name) or "" for name in names[:depth]), part
            in_value = False
        last = part


def _text(part: str) -> str | None:
    try:
        value = json.loads(part, strict=False)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _storable(part: str) -> str | None:
    """The string that ``part`` writes, where a database can keep it as text."""
    value = _text(part)
    if not value or len(value) > limits.ENVELOPE or "\x00" in value:
        return None
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return value


_TIME: TypeAdapter[datetime] = TypeAdapter(Time)


def _time(value: str | None) -> datetime | None:
    try:
        return _TIME.validate_python(value)
    except ValidationError:
        return None
