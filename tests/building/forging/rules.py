"""Rules of ``signing.syntax`` switched off one kind at a time: what a reader without them takes.

Each kind is read as pyHanko, or a reader of the same habit, reads it. Some rules back up others;
a kind switches off all those that its forged files meet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from signing.syntax.lexicon import FREE, PLAIN, Lexicon
from signing.syntax.tables import Section, revision_end
from signing.syntax.values import Reference, Value
from tests.building.forging import hiding, objects, packing, sections, trailers
from tests.building.forging.hiding import Hiding
from tests.building.forging.tricks import Trick

_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF(?:\r\n|\n|\r)?")
_ANY_END = re.compile(rb".*?endstream(?=[\n\r ])", re.DOTALL)
#: module and name → what stands in its place
Patches = Mapping[tuple[str, str], Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of difference between readers."""

    name: str
    #: the rules that meet it, switched off
    off: Patches
    tricks: tuple[Trick, ...]
    hidings: tuple[Hiding, ...]

    def __str__(self) -> str:
        return self.name

    def switch_off(self, patch: pytest.MonkeyPatch) -> None:
        for (module, name), new in self.off.items():
            patch.setattr(f"signing.syntax.{module}.{name}", new)


def _nothing(*_: object) -> None:
    """Nothing is required."""


def _anything_before_startxref(data: bytes, section: Section, _: Lexicon) -> tuple[int, int]:
    """What stands between a trailer and startxref is passed over, as pyHanko passes over it."""
    found = _END.search(data, section.end)
    if found is None or int(found[1]) != section.offset:
        return revision_end(data, section, FREE)
    return found.start() + found[0].rindex(b"%%EOF") + len(b"%%EOF"), found.end()


def _first_of_two(items: list[Value], _: int) -> dict[str, Value]:
    """Of a key that stands twice the first value counts, as for pyHanko."""
    pairs = zip(items[::2], items[1::2], strict=True)
    return {str(key): value for key, value in reversed(list(pairs))}


def _as_before(trailer: dict[str, Value], _: int) -> None:
    """A trailer without /Root has that of the one before it, which is 1 in most of the letters."""
    trailer.setdefault("/Root", Reference(1, 0))


def _spelled(one: Lexicon, old: bytes, new: bytes) -> Lexicon:
    """``one`` with a part of its patterns exchanged."""
    token = re.compile(one.token.pattern.replace(old, new), re.VERBOSE | re.DOTALL)
    return replace(one, token=token, gap=re.compile(one.gap.pattern.replace(old, new)))


def _lexicons(old: bytes, new: bytes) -> dict[tuple[str, str], Lexicon]:
    return {
        ("document", "PLAIN"): _spelled(PLAIN, old, new),
        ("document", "FREE"): _spelled(FREE, old, new),
    }


_HIDDEN: dict[tuple[str, str], Any] = {("document", "require_nothing_hidden"): _nothing}
_BEHIND: dict[tuple[str, str], Any] = {("document", "revision_end"): _anything_before_startxref}
_ROOT: dict[tuple[str, str], Any] = {("tables", "require_root"): _as_before}
_CERTIFICATES = (hiding.in_a_certificate, hiding.in_a_certificate_without_ends)

KINDS = (
    Kind(
        name="a dictionary ended by one >",
        off=_lexicons(b"(?P<close>>>)", b"(?P<close>>>?)") | _HIDDEN | _BEHIND,
        tricks=(trailers.trailer_ends_early,),
        hidings=(hiding.behind_the_trailer, *_CERTIFICATES),
    ),
    Kind(
        name="an object twice in a section",
        off={("tables", "require_ascending"): _nothing} | _HIDDEN | _BEHIND,
        tricks=(sections.section_names_it_twice,),
        hidings=(hiding.behind_the_trailer, hiding.in_a_certificate),
    ),
    Kind(
        name="a trailer without its catalogue",
        off=_ROOT | _HIDDEN | _BEHIND,
        tricks=(trailers.trailer_without_root,),
        hidings=(hiding.behind_the_trailer, *_CERTIFICATES),
    ),
    Kind(
        name="an entry of an unknown type",
        off={("tables", "require_known"): _nothing} | _HIDDEN,
        tricks=(sections.section_of_unknown_types,),
        hidings=_CERTIFICATES,
    ),
    Kind(
        name="a space that is none",
        off=_lexicons(rb"\n\r ", rb"\n\r \x0b\x85\xa0") | _HIDDEN,
        tricks=(objects.space_is_odd,),
        hidings=_CERTIFICATES,
    ),
    Kind(
        name="a number twice in an object stream",
        off={("packed", "require_once"): _nothing, ("document", "require_once"): _nothing}
        | _HIDDEN,
        tricks=(packing.packed_twice,),
        hidings=_CERTIFICATES,
    ),
    Kind(
        name="an offset that leads elsewhere",
        off={("document", "require_same_places"): _nothing} | _HIDDEN | _BEHIND,
        tricks=(sections.section_names_the_forged,),
        hidings=(hiding.behind_the_trailer, hiding.in_a_certificate),
    ),
    Kind(
        name="an object freed",
        off={("tables", "require_nothing_freed"): _nothing},
        tricks=(sections.section_frees,),
        hidings=(hiding.nowhere,),
    ),
    Kind(
        name="a key twice in a dictionary",
        off={("lexicon", "_dictionary"): _first_of_two} | _HIDDEN,
        tricks=(objects.key_twice,),
        hidings=(hiding.nowhere, *_CERTIFICATES),
    ),
    Kind(
        name="data behind a stream's length",
        off={("bodies", "_STREAM_ENDS"): dict.fromkeys((False, True), _ANY_END)} | _ROOT | _HIDDEN,
        tricks=(trailers.trailer_without_root,),
        hidings=(hiding.behind_a_length,),
    ),
)
