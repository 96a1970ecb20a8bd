"""One attacked file, and what it is made with."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.building.letters import letter
from tests.building.levels import LATER
from tests.building.stamping import QuietWriter, stamped

name = generic.NameObject
Change = Callable[[IncrementalPdfFileWriter], object]
Make = Callable[[], bytes]


@dataclass(frozen=True, kw_only=True)
class Attack:
    """A variant of a class of attacks."""

    #: the class, as in the table of docs/verification.md
    kind: str
    variant: str
    make: Make
    #: codes that say what was done
    told: frozenset[str]

    def __str__(self) -> str:
        return f"{self.kind}: {self.variant}"


def variants(kind: str, makes: Iterable[tuple[str, Make]], *told: str) -> Iterator[Attack]:
    for variant, make in makes:
        yield Attack(kind=kind, variant=variant, make=make, told=frozenset(told))


def bare_and_stamped(makes: Iterable[tuple[str, Make]]) -> Iterator[tuple[str, Make]]:
    """Each file as it is, and under a time stamp that a trusted authority set for the attacker."""
    for variant, make in makes:
        yield variant, make
        yield f"{variant}, then stamped", partial(_stamped, make)


def _stamped(make: Make) -> bytes:
    return stamped(make(), at=LATER)


def _changed(change: Change) -> bytes:
    return updated(letter(), change)


def updated(pdf: bytes, change: Change, *, table: bool | None = None) -> bytes:
    """An incremental update appended; ``table`` False makes its cross-reference a stream."""
    writer = QuietWriter(BytesIO(pdf), strict=False)
    if table is not None:
        writer.stream_xrefs = not table
    change(writer)
    stream = BytesIO()
    writer.write(stream)  # type: ignore[no-untyped-call]
    return stream.getvalue()


def updates(changes: dict[str, Change]) -> Iterator[tuple[str, Make]]:
    """The letter with each change as an update, with a table and with a stream."""
    for variant, change in changes.items():
        yield variant, partial(_changed, change)


def page_of(writer: IncrementalPdfFileWriter, place: int = 0) -> Any:
    reference, _ = writer.find_page_for_modification(place)
    writer.mark_update(reference)
    return reference.get_object()


def dictionary(**entries: Any) -> generic.DictionaryObject:
    """Keywords become names of entries, strings that begin with / names."""
    return generic.DictionaryObject({name(f"/{key}"): pdf(value) for key, value in entries.items()})


def pdf(value: Any) -> Any:
    """``value`` as pyHanko's writer takes it; what is an object already stays."""
    if isinstance(value, str):
        return name(value) if value.startswith("/") else generic.TextStringObject(value)
    if isinstance(value, (list, tuple)):
        return generic.ArrayObject([pdf(item) for item in value])
    return next((made(value) for kind, made in _MADE if type(value) is kind), value)


_MADE: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (bool, generic.BooleanObject),
    (int, generic.NumberObject),
    (float, lambda value: generic.FloatObject(str(value))),
    (bytes, generic.ByteStringObject),
)


def drawing(writer: IncrementalPdfFileWriter, operators: bytes) -> Any:
    """A form that covers a page and paints ``operators``."""
    form = generic.StreamObject(
        dictionary(Type="/XObject", Subtype="/Form", BBox=(0, 0, 595, 842), Resources=dictionary()),
        stream_data=operators,
    )
    return writer.add_object(form)


@cache
def signature_room() -> tuple[int, int]:
    """Offsets of the letter's signature value, its < and behind its >."""
    start = letter().rindex(b"/Contents <") + len(b"/Contents ")
    return start, letter().index(b">", start) + 1


WHITE = b"1 g 0 0 595 842 re f 0 g 100 100 200 40 re f"
