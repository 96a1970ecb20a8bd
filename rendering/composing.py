"""Several filled Word files → one Word file that LibreOffice loads once.

Each letter is a section of its own with page numbers from 1 (ECMA-376 part 1, 17.6.12), and a
bookmark tells where it begins. What runs on from section to section – lists, notes, counts of
pages – would say something else than in a letter alone, so a letter with any of it stays alone.
"""

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from lxml import etree

from rendering.filling import FilledWord
from rendering.styles import united

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT, _STYLES, _CORE = "word/document.xml", "word/styles.xml", "docProps/core.xml"
#: the file's own title: a converted file gets another
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
#: parts whose numbers run on through a Word file
_RUNNING_PARTS = re.compile(r"word/(numbering|footnotes|endnotes|comments)")
#: elements of a body that run on, point to something by an id, or begin another section
_RUNNING = frozenset(
    f"{_W}{name}"
    for name in (
        *("numPr", "footnoteReference", "endnoteReference", "fldSimple", "instrText"),
        *("drawing", "pict", "sectPr"),
    )
)
#: what names the headers and footers of a section
_NAMING = (f"{_W}headerReference", f"{_W}footerReference")
#: the only field that starts anew with a section
_PAGE = b" PAGE "
_FIELD = re.compile(rb'w:instr="([^"]*)"')
#: elements of a section before which its page numbers stand (17.6.17)
_AFTER_NUMBERS = (
    "cols",
    "formProt",
    "vAlign",
    "noEndnote",
    "titlePg",
    "textDirection",
    "bidi",
    "rtlGutter",
    "docGrid",
    "printerSettings",
    "sectPrChange",
)


@dataclass(frozen=True, kw_only=True)
class Body:
    """A filled Word file taken apart."""

    #: the letter's paragraphs and tables, its section's properties left out
    blocks: list[Any] = field(repr=False)
    section: Any = field(repr=False)
    styles: bytes = field(repr=False)
    #: every other part; letters with different ones do not go together
    parts: tuple[tuple[str, bytes], ...] = field(repr=False)
    #: the headers and footers that its section names, with where they stand
    named: tuple[tuple[str, ...], ...]
    #: what the body prints, in its order
    text: str = field(repr=False)

    @property
    def around(self) -> str:
        """What headers and footers may print besides page numbers."""
        return "".join(
            "".join(etree.fromstring(part).itertext())
            for name, part in self.parts
            if name.startswith(("word/header", "word/footer"))
        )


def take_apart(word: FilledWord) -> Body | None:
    """The letter's body; None where it must be converted alone."""
    parts = dict(word.parts)
    document = etree.fromstring(parts.pop(_DOCUMENT))
    *blocks, section = document[0]
    runs_on = any(map(_RUNNING_PARTS.match, parts)) or any(_counts(part) for part in parts.values())
    if runs_on or not _stands_alone(blocks, section):
        return None
    styles = parts.pop(_STYLES)
    if _CORE in parts:
        parts[_CORE] = _untitled(parts[_CORE])
    return Body(
        blocks=blocks,
        section=section,
        styles=styles,
        parts=tuple(sorted(parts.items())),
        named=tuple((each.tag, *chain(*each.items())) for each in section.iter(*_NAMING)),
        text="".join(node.text or "" for node in document[0].iter(f"{_W}t")),
    )


def may_join(bodies: Sequence[Body], another: Body) -> bool:
    """Whether ``another`` may stand in one Word file with ``bodies``, which may already."""
    first = bodies[0]
    alike = (another.parts, another.named) == (first.parts, first.named)
    return alike and _styles_of([*bodies, another]) is not None


def join(bodies: Sequence[Body]) -> bytes:
    """The Word file of all letters, each of which ``may_join`` the others.

    Letter ``n`` begins at the bookmark ``first_n``; its own bookmarks have ``_n`` behind their
    names.
    """
    root = etree.Element(f"{_W}document", nsmap=bodies[0].section.nsmap)
    place = etree.SubElement(root, f"{_W}body")
    for number, body in enumerate(bodies):
        blocks = _marked(copy.deepcopy(body.blocks), number)
        section = _numbered_anew(body.section)
        if number:
            _inherit(section)
        place.extend(blocks)
        if number == len(bodies) - 1:
            place.append(section)
        else:
            _properties(blocks[-1]).append(section)
    _renumber(place)
    document = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    styles = _styles_of(bodies)
    if styles is None:
        raise ValueError("letters with other styles are not joined")
    own = ((_STYLES, styles), (_DOCUMENT, document))
    return FilledWord(parts=(*bodies[0].parts, *own)).content


def _styles_of(bodies: Sequence[Body]) -> bytes | None:
    return united(tuple(dict.fromkeys(body.styles for body in bodies)))


def _untitled(core: bytes) -> bytes:
    root = etree.fromstring(core)
    for title in root.findall(_TITLE):
        root.remove(title)
    return bytes(etree.tostring(root))


def _counts(part: bytes) -> bool:
    """Whether a header or footer prints more than its page's number."""
    return b"instrText" in part or any(word != _PAGE for word in _FIELD.findall(part))


def _stands_alone(blocks: list[Any], section: Any) -> bool:
    if section.tag != f"{_W}sectPr" or not blocks:
        return False
    if any(blocks[place].tag != f"{_W}p" for place in (0, -1)):
        return False
    if blocks[-1].find(f".//{_W}bookmarkStart") is not None:
        # LibreOffice moves bookmarks of a section's last paragraph to other characters, and the
        # seal would follow them
        return False
    return not any(True for block in blocks for _ in block.iter(*_RUNNING))


def _marked(blocks: list[Any], number: int) -> list[Any]:
    for block in blocks:
        for mark in block.iter(f"{_W}bookmarkStart"):
            mark.set(f"{_W}name", f"{mark.get(f'{_W}name')}_{number}")
    first = blocks[0]
    at = 1 if first.find(f"{_W}pPr") is not None else 0
    for mark in reversed(list(_bookmark(f"first_{number}"))):
        first.insert(at, mark)
    return blocks


def _bookmark(name: str) -> Iterator[Any]:
    # the name ties start and end together until _renumber gives them their number
    yield etree.Element(f"{_W}bookmarkStart", {f"{_W}id": name, f"{_W}name": name})
    yield etree.Element(f"{_W}bookmarkEnd", {f"{_W}id": name})


def _renumber(place: Any) -> None:
    """Bookmarks have numbers of their own throughout the file (17.13.6.2)."""
    number, open_marks = 0, {}
    for node in place.iter(f"{_W}bookmarkStart", f"{_W}bookmarkEnd"):
        old = node.get(f"{_W}id")
        if node.tag == f"{_W}bookmarkStart":
            number += 1
            open_marks[old] = str(number)
        node.set(f"{_W}id", open_marks[old])


def _numbered_anew(section: Any) -> Any:
    section = copy.deepcopy(section)
    for old in section.findall(f"{_W}pgNumType"):
        section.remove(old)
    numbers = etree.Element(f"{_W}pgNumType", {f"{_W}start": "1"})
    later = [n for n in section if etree.QName(n).localname in _AFTER_NUMBERS]
    if later:
        later[0].addprevious(numbers)
    else:
        section.append(numbers)
    return section


def _inherit(section: Any) -> None:
    """The section has the headers and footers of the one before it (17.10.2, 17.10.5).

    LibreOffice takes them over for less than it reads them again.
    """
    for naming in list(section.iter(*_NAMING)):
        section.remove(naming)


def _properties(paragraph: Any) -> Any:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        properties = etree.Element(f"{_W}pPr")
        paragraph.insert(0, properties)
    return properties
