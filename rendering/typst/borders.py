"""Borders of paragraphs, runs, tables and cells as Typst's strokes (17.18.2)."""

from typing import NamedTuple

from lxml import etree

from rendering.typst.literals import colour, number, points
from rendering.typst.unsupported import UnknownConstructError
from templates.word import W

#: Word's line → Typst's dash; what it has beyond is drawn plain or not known
_DASHES = {
    "single": None,
    "thick": None,
    "dotted": "dotted",
    "dashed": "dashed",
    "dashSmallGap": "densely-dashed",
    "dotDash": "dash-dotted",
}
_NOTHING = {"nil", "none"}
#: width of Word's borders: eighths of a point
_EIGHTHS = 8


class Border(NamedTuple):
    """A line: its stroke in Typst, its width and its distance from the text in points."""

    stroke: str
    width: float
    space: float


#: there is none, and none of another level shows through
NO_BORDER = Border("none", 0.0, 0.0)


def border_of(element: etree._Element) -> Border:
    """The border that ``element`` asks for. Raises ``UnknownConstructError``."""
    kind = element.get(f"{W}val") or "nil"
    if kind in _NOTHING:
        return NO_BORDER
    if kind not in _DASHES:
        raise UnknownConstructError(f"w:{etree.QName(element).localname} {kind}")
    width = number(element.get(f"{W}sz"), 4) / _EIGHTHS
    paint = colour(element.get(f"{W}color")) or "black"
    dash = _DASHES[kind]
    dashed = f', dash: "{dash}"' if dash else ""
    stroke = f"(paint: {paint}, thickness: {points(width)}{dashed})"
    return Border(stroke, width, number(element.get(f"{W}space")))
