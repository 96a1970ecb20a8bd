"""The signature dictionary made void (USF), its range edited, its parts moved (SWA)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.building.attacks.attack import (
    WHITE,
    Attack,
    Change,
    Make,
    bare_and_stamped,
    name,
    page_of,
    pdf,
    signature_room,
    updates,
    variants,
)
from tests.building.letters import letter

_TOLD = (
    "bytes_unaccounted",
    "signatures_unaccounted",
    "signature_form_unknown",
    "changed_after_sealing",
    "signature_invalid",
    "not_signed",
    "pdf_malformed",
)
_RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\] *")

#: what stands in /Contents or /ByteRange instead
_CONTENTS: dict[str, Any] = {
    "none": None,
    "null": generic.NullObject(),
    "empty": b"",
    "a zero": b"\0",
    "zeros": bytes(4000),
    "a number": 7,
    "a name": "/Contents",
    "an empty sequence": b"\x30\0",
}
_RANGES: dict[str, Any] = {
    "none": None,
    "null": generic.NullObject(),
    "empty": [],
    "zeros": [0, 0, 0, 0],
    "two numbers": [0, 100],
    "negative": [0, -1, -1, -1],
    "past the end": [0, 100, 200, 10**9],
    "texts": ["0", "1", "2", "3"],
    "fractions": [0.0, 100.5, 200.5, 300.5],
}


def _value(writer: IncrementalPdfFileWriter) -> Any:
    return writer.root["/AcroForm"]["/Fields"][0]["/V"]


def _set(entry: str, value: Any) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        signature = _value(writer)
        if value is None:
            del signature[entry]
        else:
            signature[name(entry)] = pdf(value)
        writer.update_container(signature)
        page_of(writer)[name("/Contents")] = writer.add_object(
            generic.StreamObject(stream_data=WHITE)
        )

    return change


def _in_room(value: bytes) -> Make:
    """The signature value overwritten in place."""

    def make() -> bytes:
        start, end = signature_room()
        return letter()[:start] + value.ljust(end - start) + letter()[end:]

    return make


def _zeros() -> bytes:
    start, end = signature_room()
    return _in_room(b"<" + b"0" * (end - start - 2) + b">")()


def _renamed(old: bytes, new: bytes) -> Make:
    def make() -> bytes:
        start, _ = signature_room()
        place = letter().rindex(old, 0, start + 100_000)
        return letter()[:place] + new + letter()[place + len(old) :]

    return make


def _forged() -> Iterator[tuple[str, Make]]:
    yield from bare_and_stamped(
        updates({f"/Contents: {what}": _set("/Contents", v) for what, v in _CONTENTS.items()})
    )
    yield from bare_and_stamped(
        updates({f"/ByteRange: {what}": _set("/ByteRange", v) for what, v in _RANGES.items()})
    )
    for what, value in (("empty", b"<>"), ("a zero", b"<00>"), ("null", b"null")):
        yield f"value in place: {what}", _in_room(value)
    yield "value in place: zeros", _zeros
    yield "/Contents misspelt", _renamed(b"/Contents <", b"/Kontents <")
    yield "/ByteRange misspelt", _renamed(b"/ByteRange", b"/ByteBange")
    yield "/SubFilter misspelt", _renamed(b"/ETSI.CAdES.detached", b"/ETSI.CAdES.detacheD")


def _ranged(change: Callable[[int, int, int], tuple[int, ...]]) -> Make:
    """The numbers of /ByteRange edited in place."""

    def make() -> bytes:
        found = _RANGE.search(letter())
        assert found is not None
        numbers = change(*(int(number) for number in found.groups()))
        new = b"/ByteRange [%s]" % b" ".join(b"%d" % number for number in numbers)
        assert len(new) <= len(found[0])
        return letter().replace(found[0], new.ljust(len(found[0])))

    return make


def _edited() -> Iterator[tuple[str, Make]]:
    changes: dict[str, Callable[[int, int, int], tuple[int, ...]]] = {
        "a wider gap": lambda a, b, c: (0, a, b + 10, c - 10),
        "a gap that begins earlier": lambda a, b, c: (0, a - 10, b, c),
        "a gap that begins one later": lambda a, b, c: (0, a + 1, b, c),
        "a gap one narrower": lambda a, b, c: (0, a, b - 1, c + 1),
        "an end one short": lambda a, b, c: (0, a, b, c - 1),
        "an end 100 short": lambda a, b, c: (0, a, b, c - 100),
        "an end past the file": lambda a, b, c: (0, a, b, c + 1),
        "a start of 1": lambda a, b, c: (1, a - 1, b, c),
        "no second part": lambda a, b, c: (0, a, b, 0),
        "no first part": lambda a, b, c: (0, 0, b, c),
        "parts exchanged": lambda a, b, c: (b, c, 0, a),
        "parts that overlap": lambda a, b, c: (0, a, a - 10, c),
        "the first part alone": lambda a, b, c: (0, a),
        "three numbers": lambda a, b, c: (0, a, b),
        "everything": lambda a, b, c: (0, b + c, 0, 0),
        "nothing": lambda a, b, c: (0, 0, 0, 0),
    }
    for what, change in changes.items():
        yield what, _ranged(change)


def _wrapped(fill: Make, *, widened: bool, table: bool = False) -> Make:
    """The second signed part moved to the end of the file, something put before it."""

    def make() -> bytes:
        _, end = signature_room()
        found = _RANGE.search(letter())
        assert found is not None
        first, second, last = (int(number) for number in found.groups())
        filling = fill()
        head, tail = letter()[:end], letter()[end:]
        more = filling + (_table(end + len(filling)) if table else b"")
        if widened:
            new = b"/ByteRange [0 %d %d %d]" % (first, second + len(more), last)
            head = head.replace(found[0], new.ljust(len(found[0])))
        return head + more + tail

    return make


def _table(start: int) -> bytes:
    root = re.findall(rb"/Root (\d+ \d+ R)", letter())[-1]
    trailer = b"xref\n0 0\ntrailer\n<< /Size 999 /Root %s >>\n" % root
    return trailer + b"startxref\n%d\n%%%%EOF\n" % start


def _moved() -> Iterator[tuple[str, Make]]:
    page = b"\n1 0 obj\n<< /Type /Page /Contents 9 0 R >>\nendobj\n"
    fillings: dict[str, Make] = {
        "an object": lambda: page,
        "nothing but spaces": lambda: b" " * 500,
        "a remark": lambda: b"\n% nothing\n",
        "the whole letter": letter,
        "a copy of the end": lambda: letter()[letter().rindex(b"/ByteRange") - 3 :],
    }
    for what, filling in fillings.items():
        yield f"{what} before the second part", _wrapped(filling, widened=False)
        yield f"{what} before the second part, range widened", _wrapped(filling, widened=True)
        yield f"{what} and a table, range widened", _wrapped(filling, widened=True, table=True)


def _second_dictionary(writer: IncrementalPdfFileWriter) -> None:
    """The field points to a copy of the signature; the page is another."""
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[name("/V")] = writer.add_object(generic.DictionaryObject(_value(writer)))
    writer.update_container(field)
    page_of(writer)[name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=WHITE))


def attacks() -> Iterator[Attack]:
    told = (*_TOLD, "update_after_sealing")
    yield from variants("universal signature forgery", _forged(), *told)
    yield from variants("edited ByteRange", _edited(), *_TOLD)
    yield from variants("signature wrapping", _moved(), *_TOLD)
    copied = updates({"the field points to a copy": _second_dictionary})
    yield from variants("signature wrapping", bare_and_stamped(copied), *told)
