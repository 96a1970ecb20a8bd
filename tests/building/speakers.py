"""Six benefit systems that speak at the same time, and the hostile messages among theirs."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from commands.county import month_of_cases
from schemas.errors import Invalid
from schemas.parsing import parse
from tests.building.hostile import hostile

SPEAKERS = 6
Event = dict[str, Any]

_DEMO = Path(__file__).parents[2] / "config" / "demo.toml"
_SOURCE = re.compile(r"\[\[sources\]\].*", re.DOTALL)
_OPENING, _REPAYMENT = "hanyin.overpayment.confirmed.v1", "hanyin.repayment.recorded.v1"


def directory_file(folder: Path) -> Path:
    """The demo's directory, with a source for each speaker."""
    plain = _DEMO.read_text()
    (block,) = _SOURCE.findall(plain)
    blocks = [
        block.replace('slug = "yuhua"', f'slug = "speaker-{number}"').replace(
            'source = "/hunan/430111/*"', f'source = "{_source(number)}"'
        )
        for number in range(SPEAKERS)
    ]
    file = folder / "speakers.toml"
    file.write_text(plain.replace(block, "\n".join(blocks)))
    return file


def good(count: int, cases: int, *, start: int = 0) -> list[Event]:
    """``count`` events of ``cases`` cases of all speakers: few letters, and many repayments.

    ``start`` is the first case's number, a multiple of 12: such cases have the same course.
    """
    course = [e for e in month_of_cases(start + cases) if int(e["subject"][-6:]) >= 100 + start]
    month = [_spoken(event) for event in course]
    return [*month, *_instalments(month, count - len(month))]


def evil(events: Sequence[Event], count: int, chance: Random) -> list[bytes]:
    """``count`` messages of all kinds that must be refused, made of what ``events`` say."""
    kinds = cycle(KINDS)
    return [next(kinds)(chance.choice(events), number, chance) for number in range(count)]


def mixed(events: Sequence[Event], messages: Sequence[bytes], chance: Random) -> list[bytes]:
    """Both as they come: events in their order, messages somewhere among them."""
    placed = [(float(place), body(event)) for place, event in enumerate(events)]
    placed += [(chance.uniform(0, len(events)), message) for message in messages]
    return [raw for _, raw in sorted(placed, key=lambda entry: entry[0])]


def body(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


def digests(messages: Sequence[bytes]) -> frozenset[str]:
    return frozenset(hashlib.sha256(message).hexdigest() for message in messages)


def _source(number: int) -> str:
    return f"/hunan/430111/speaker-{number}"


def _spoken(event: Event) -> Event:
    return {**event, "source": _source(int(event["subject"][-6:]) % SPEAKERS)}


def _instalments(month: Sequence[Event], count: int) -> Iterator[Event]:
    """Repayments of a fen, in turn, to cases that nobody repays otherwise."""
    repaid = {event["subject"] for event in month if event["type"] == _REPAYMENT}
    mould = next(event for event in month if event["type"] == _REPAYMENT)
    opened = [e for e in month if e["type"] == _OPENING and e["subject"] not in repaid]
    for place, case in enumerate(islice(cycle(opened), max(count, 0))):
        name = f"{case['subject']}-I{place}"
        yield {
            **mould,
            "id": name,
            "source": case["source"],
            "subject": case["subject"],
            "time": case["time"].replace("+08:00", f".{place % 1_000_000:06d}+08:00"),
            "data": {
                **mould["data"],
                "case_no": case["subject"],
                "receipt_no": name,
                "amount": "0.01",
                "still_qualified": None,
            },
        }


Kind = Callable[[Event, int, Random], bytes]


def _changed(event: Event, number: int, **data: Any) -> bytes:
    spoilt = {**event, "id": f"evil-{number}", "data": {**event["data"], **data}}
    return body(spoilt)


def _refused(_: Event, __: int, chance: Random) -> bytes:
    """An example spoilt at random, of which the contract says that it is none."""
    while True:
        message = hostile(chance)
        try:
            parse(message)
        except Invalid:
            return message


#: whatever a hostile speaker may send: text that cannot be stored, numbers that no column holds,
#: other people's cases and ids, floods in one message, and what is no event at all
KINDS: tuple[Kind, ...] = (
    lambda event, number, _: _changed(event, number, case_no="x" * 100),
    lambda event, number, _: _changed(event, number, case_no=""),
    lambda event, number, _: _changed(event, number, case_no="430111\u0000"),
    lambda event, number, _: _changed(event, number, agency="430102"),
    lambda event, number, _: _changed(event, number, surprise="x"),
    lambda event, number, _: body({**event, "data": {**event["data"], "agency": "430103"}}),
    lambda event, number, _: body(
        {**event, "id": f"evil-{number}", "source": "/hunan/430111/nobody"}
    ),
    lambda event, number, _: body({**event, "id": f"evil-{number}", "type": "hanyin.x.v1"}),
    lambda event, number, _: body({**event, "id": f"evil-{number}", "time": "2026-03-05"}),
    lambda event, number, _: json.dumps({**event, "id": f"evil-{number}\ud800"}).encode(),
    lambda event, number, _: b'{"id":"%d","id":"2"}' % number,
    lambda _, number, __: b"[" * 20_000 + b"%d" % number,
    lambda _, number, __: b"%d" % number + b"\0\xff\xfe" * 50,
    lambda _, number, __: b'{"data":' + b"9" * 50_000 + b"%d}" % number,
    lambda _, number, __: b"x" * 400_000 + b"%d" % number,
    _refused,
)
