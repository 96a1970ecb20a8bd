"""Object streams that one reader may read otherwise than another."""

import zlib
from random import Random

from tests.building.forging.draft import Draft, Found, Item, Row


def packed(draft: Draft, random: Random) -> None:
    """An object stream with a number twice, a wrong /N or /First, or the forged objects in it."""
    draft.in_streams = True
    base, stream = draft.base, draft.size - 2
    way = random.choice(["twice", "count", "first", "extends", "forged", "overlap"])
    own = [(n, draft.own(n)) for n in (base.page, base.form)]
    forged = [(n, v) for n, v in draft.forged.items() if b"stream" not in v]
    held = own + forged if way != "twice" else random.sample(own + forged, len(own + forged))
    draft.items = [item for item in draft.items if item.number not in {base.page, base.form}]
    value = _object_stream(held, way)
    draft.items.append(Item(stream, value))
    last = random.random() < 0.5

    def edit(rows: list[Row], _: Found) -> None:
        places = {number: place for place, (number, _) in enumerate(held)}
        if not last:
            places = {n: p for p, (n, _) in reversed(list(enumerate(held)))}
        rows[:] = [row for row in rows if row.number not in places]
        rows.extend(Row(number, 2, stream, place) for number, place in places.items())
        rows.sort(key=lambda row: row.number)

    draft.row_edits.append(edit)


def _object_stream(held: list[tuple[int, bytes]], way: str) -> bytes:
    body = b""
    starts: list[tuple[int, int]] = []
    for number, value in held:
        starts.append((number, len(body) - (2 if way == "overlap" and starts else 0)))
        body += value + b"\n"
    head = b" ".join(b"%d %d" % pair for pair in starts) + b"\n"
    count = len(held) - (1 if way == "count" else 0)
    first = len(head) + (1 if way == "first" else 0)
    more = b"/Extends 1 0 R " if way == "extends" else b""
    data = zlib.compress(head + body)
    entries = b"/N %d /First %d %s/Length %d" % (count, first, more, len(data))
    head = b"<< /Type /ObjStm /Filter /FlateDecode %s >>\nstream\n" % entries
    return head + data + b"\nendstream"


def packed_twice(draft: Draft, random: Random) -> None:
    """A number twice in an object stream: its own value, and the forged one."""
    draft.in_streams = True
    base, stream = draft.base, draft.size - 2
    number = random.choice([n for n in draft.forged if n in (base.page, base.root)] or [base.page])
    own, forged = draft.own(number), draft.forged.get(number, b"null")
    others = [(n, v) for n, v in draft.forged.items() if n != number and b"stream" not in v]
    own_first = random.random() < 0.5
    pair = [(number, own), (number, forged)]
    held = (pair if own_first else pair[::-1]) + others
    draft.items = [item for item in draft.items if item.number != number]
    draft.items.append(Item(stream, _object_stream(held, "")))
    place = random.choice([0, 1, 1, 1])

    def edit(rows: list[Row], _: Found) -> None:
        rows.append(Row(number, 2, stream, place))
        rows.sort(key=lambda row: row.number)

    draft.row_edits.append(edit)
