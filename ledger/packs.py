"""What is over and old lies packed: many events or messages in one compressed row.

A pack is zlib over lines of JSON, a line an entry, in the order of ``seq``. Of an event its bytes
are in it, while its row stays (its id is taken, its digest tells a repeat); of a message all of
its row, which is gone. What was packed is read back and compared before anything is dropped.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from ledger.database import Conflict
from ledger.literal import is_exactly, is_one_of
from ledger.tables import inbox, outbox, packs
from schemas.errors import DigestMismatch

#: entries of a pack: more of them compress little better, and are read for each that is looked up
MOST = 200


class Packed(StrEnum):
    """What a pack holds."""

    EVENTS = "events"
    MESSAGES = "messages"


#: a byte that is no UTF-8 (PEP 383); JSON spells it as it does any other character
_AS_BYTES = "surrogateescape"
_MOST = bindparam("most", type_=Integer)
_LAST = select(func.max(packs.c.last_seq)).where(packs.c.holds == bindparam("holds"))
_APPLIED = (is_exactly(inbox.c.state, "applied"), inbox.c.seq > bindparam("after"))
_EVENTS = (
    select(inbox.c.seq, inbox.c.raw, inbox.c.raw_sha256)
    .where(*_APPLIED)
    .order_by(inbox.c.seq)
    .limit(_MOST)
)
_GONE = is_one_of(outbox.c.state, ["sent", "cancelled"])
_MESSAGES = select(outbox).where(_GONE).order_by(outbox.c.seq).limit(_MOST)
# the last entry that a pack would have: not read on until it is old
_LAST_EVENT = (
    select(inbox.c.received_at)
    .where(*_APPLIED)
    .order_by(inbox.c.seq)
    .limit(1)
    .offset(bindparam("others", type_=Integer))
)
_LAST_MESSAGE = (
    select(outbox.c.made_at)
    .where(_GONE)
    .order_by(outbox.c.seq)
    .limit(1)
    .offset(bindparam("others", type_=Integer))
)
_HOLDING = (
    select(packs.c.content)
    .where(packs.c.holds == bindparam("holds"), packs.c.first_seq <= bindparam("seq"))
    .order_by(packs.c.first_seq.desc())
    .limit(1)
)
_THESE: BindParameter[Any] = bindparam("these", expanding=True)
_DROP_BYTES = (
    update(inbox)
    .where(inbox.c.seq.in_(_THESE), is_exactly(inbox.c.state, "applied"))
    .values(raw=b"")
)
_DROP_MESSAGES = delete(outbox).where(
    outbox.c.seq.in_(_THESE), is_one_of(outbox.c.state, ["sent", "cancelled"])
)


def old_events(connection: Connection, *, before: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The next applied events to be packed; none until a pack's last was received before then."""
    last = connection.execute(_LAST, {"holds": Packed.EVENTS}).scalar_one() or 0
    newest = connection.execute(
        _LAST_EVENT, {"after": last, "others": MOST - 1}
    ).scalar_one_or_none()
    if newest is None or newest >= before:
        return ()
    return connection.execute(_EVENTS, {"after": last, "most": MOST}).all()


def old_messages(connection: Connection, *, before: datetime) -> Sequence[Row[Any]]:
    """The next sent or cancelled messages to be packed; none until they were made before then."""
    newest = connection.execute(_LAST_MESSAGE, {"others": MOST - 1}).scalar_one_or_none()
    if newest is None or newest >= before:
        return ()
    return connection.execute(_MESSAGES, {"most": MOST}).all()


def pack_events(
    connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]], *, at: datetime
) -> None:
    """The bytes of these events are in a pack, and no more in the inbox."""
    texts = {row.seq: {"raw": row.raw.decode(errors=_AS_BYTES)} for row in rows}
    _add(connection, Packed.EVENTS, texts, at)
    _require_all(connection.execute(_DROP_BYTES, {"these": list(texts)}).rowcount, rows)


def pack_messages(connection: Connection, rows: Sequence[Row[Any]], *, at: datetime) -> None:
    """These messages are in a pack, and no more in the outbox."""
    entries = {row.seq: _plain(dict(row._mapping)) for row in rows}  # noqa: SLF001
    _add(connection, Packed.MESSAGES, entries, at)
    _require_all(connection.execute(_DROP_MESSAGES, {"these": list(entries)}).rowcount, rows)


def raw_of(connection: Connection, seq: int, digest: str) -> bytes:
    """The bytes of the packed event ``seq``; raises ``DigestMismatch`` where they are others."""
    entry = _entry(connection, Packed.EVENTS, seq) or {"raw": ""}
    raw = str(entry["raw"]).encode(errors=_AS_BYTES)
    found = sha256(raw).hexdigest()
    if found != digest:
        raise DigestMismatch(f"event {seq}", expected=digest, found=found)
    return raw


def message(connection: Connection, seq: int) -> dict[str, Any] | None:
    """All columns of the packed message ``seq``, moments as text; None where it is in no pack."""
    return _entry(connection, Packed.MESSAGES, seq)


def _entry(connection: Connection, holds: Packed, seq: int) -> dict[str, Any] | None:
    content = connection.execute(_HOLDING, {"holds": holds, "seq": seq}).scalar_one_or_none()
    return None if content is None else _unpacked(content).get(seq)


def _add(
    connection: Connection, holds: Packed, entries: Mapping[int, Mapping[str, Any]], at: datetime
) -> None:
    content = _packed(entries)
    if _unpacked(content) != entries:
        raise RuntimeError("a pack does not hold what was put into it")
    first, last = min(entries), max(entries)
    values = {"holds": holds, "first_seq": first, "last_seq": last, "made_at": at}
    connection.execute(insert(packs), {**values, "content": content})


def _packed(entries: Mapping[int, Mapping[str, Any]]) -> bytes:
    lines = (json.dumps([seq, entry]) for seq, entry in entries.items())
    return zlib.compress("\n".join(lines).encode(), 9)


def _unpacked(content: bytes) -> dict[int, dict[str, Any]]:
    return dict(json.loads(line) for line in zlib.decompress(content).split(b"\n"))


def _require_all(changed: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> None:
    if changed != len(rows):
        raise Conflict(
            "另一进程正在打包同一批记录；稍后自动再试",
            "another process packs the same rows; it is tried again",
        )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
