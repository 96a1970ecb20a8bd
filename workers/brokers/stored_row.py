"""A row of the embedded broker's file, read without holding more of it than is taken.

kombu writes ``{"body": "<base64>", "content-encoding": …, "properties": {…}}``. What is larger than
a message that is taken is read in pieces: the base64 is decoded on the way, and a smaller envelope,
with the head of the body, stands for it.
"""

import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from workers.brokers import Oversize
from workers.brokers.oversize import condensed

#: bytes of a piece; base64 decodes in fours
_PIECE = 1024 * 1024
#: bytes of an envelope without its body; kombu's own have some 500
_LARGEST_FRAME = 64 * 1024
#: bytes of JSON text for a byte of a body that is text: ``\u0000``
_WORST_TEXT = 6
_BEGINNING = re.compile(rb'\{"body": "')


class Blob(Protocol):
    """What is used of ``sqlite3.Blob``."""

    def __len__(self) -> int:
        """Bytes of the value."""

    def read(self, length: int = -1, /) -> bytes:
        """The next ``length`` bytes, or all that are left."""

    def seek(self, offset: int, /) -> None:
        """The next byte is the one at ``offset``."""


@dataclass(frozen=True, kw_only=True)
class StoredRow:
    """A message as it lies in the file."""

    #: never used again in this file (AUTOINCREMENT), and rising in the order of publishing
    row_id: int
    #: kombu's envelope: JSON text
    payload: str = field(repr=False)
    #: the envelope holds the head of the body alone; None: all of it
    oversize: Oversize | None = None


def stored_row(row_id: int, blob: Blob, most: int | None) -> StoredRow:
    """The row whose payload ``blob`` is; of one that is too large by far, its head.

    By far: more than a body of ``most`` bytes could take. None: all of it, however large.
    """
    if most is None or len(blob) <= _WORST_TEXT * most + _LARGEST_FRAME:
        return StoredRow(row_id=row_id, payload=blob.read().decode("utf-8", "replace"))
    frame = _Frame.of(blob)
    if frame is not None:
        try:
            head, oversize = condensed(frame.body(blob))
        except binascii.Error:
            pass  # not what kombu writes
        else:
            text = binascii.b2a_base64(head, newline=False).decode("ascii")
            payload = json.dumps({**frame.rest, "body": text})
            return StoredRow(row_id=row_id, payload=payload, oversize=oversize)
    head, oversize = condensed(_pieces(blob, 0, len(blob)))
    return StoredRow(row_id=row_id, payload=head.decode("utf-8", "replace"), oversize=oversize)


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """Where the body stands in an envelope, and all but the body."""

    begin: int
    end: int
    rest: dict[str, Any]

    @classmethod
    def of(cls, blob: Blob) -> "_Frame | None":
        """None where the payload is no envelope with a body in base64."""
        begun = _BEGINNING.match(blob.read(_LARGEST_FRAME))
        end = _quote(blob, begun.end()) if begun else None
        if begun is None or end is None or len(blob) - end > _LARGEST_FRAME:
            return None
        blob.seek(end)
        try:
            rest = json.loads(b'{"body": "' + blob.read())
        except (ValueError, RecursionError):
            return None
        properties = rest.get("properties")
        if not isinstance(properties, dict) or properties.get("body_encoding") != "base64":
            return None
        return cls(begin=begun.end(), end=end, rest=rest)

    def body(self, blob: Blob) -> Iterator[bytes]:
        """The decoded body, in pieces. Raises ``binascii.Error`` where it is no base64."""
        for piece in _pieces(blob, self.begin, self.end):
            yield binascii.a2b_base64(piece, strict_mode=True)


def _quote(blob: Blob, begin: int) -> int | None:
    """Where the next quote stands; None: nowhere."""
    at = begin
    for piece in _pieces(blob, begin, len(blob)):
        found = piece.find(b'"')
        if found >= 0:
            return at + found
        at += len(piece)
    return None


def _pieces(blob: Blob, begin: int, end: int) -> Iterator[bytes]:
    blob.seek(begin)
    for at in range(begin, end, _PIECE):
        yield blob.read(min(_PIECE, end - at))
