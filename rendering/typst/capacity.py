"""How long a text may be before a page may not hold what must not be cut.

Typst lets such a row or paragraph run over the page's edge, so where a letter's text is longer its
rows are measured first; measuring each of them costs time.
"""

import math
from collections.abc import Iterator

from lxml import etree

from rendering.typst.literals import number, twips
from rendering.typst.paragraphs import Setting, least_height, line_of
from rendering.typst.properties import is_on
from templates.word import W

#: bytes of a text that is always measured
LONG = 400
#: of a Chinese character; of a page that is counted on, since lines do not end full
_BYTES, _PART = 3, 0.8
#: points between a cell's sides and its text
_SIDES = 10.8


def longest_unmeasured(
    blocks: list[etree._Element], setting: Setting, room: tuple[float, float]
) -> int:
    """Bytes of a value up to which everything in ``blocks`` fits into ``room``.

    -1: what the template itself says may not.
    """
    left = [LONG]
    for cell, width in _whole(blocks, room[0]):
        size, pitch = line_of(cell, setting)
        signs = max(1, math.floor((width - _SIDES) / size)) * math.floor(room[1] / pitch)
        said = "".join(node.text or "" for node in cell.iter(f"{W}t"))
        own = len(said.encode())
        fits = least_height(cell, setting) <= room[1] * _PART
        rest = math.floor(signs * _BYTES * _PART) - own if fits else -1
        if rest < 0 or "{{" in said:
            left.append(max(rest, -1))
    return min(left)


def _whole(blocks: list[etree._Element], width: float) -> Iterator[tuple[etree._Element, float]]:
    """Cells of rows, and paragraphs, that are on one page, with their widths."""
    for table in (each for block in blocks for each in block.iter(f"{W}tbl")):
        columns = [twips(each.get(f"{W}w")) for each in table.iterfind(f"{W}tblGrid/*")]
        for row in table.findall(f"{W}tr"):
            kept = row.find(f"{W}trPr/{W}cantSplit")
            first = 0
            for cell in row.findall(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                last = first + int(number(None if span is None else span.get(f"{W}val"), 1))
                if kept is not None and is_on(kept):
                    yield cell, sum(columns[first:last])
                first = last
    for paragraph in (each for block in blocks for each in block.iter(f"{W}p")):
        if paragraph.find(f"{W}pPr/{W}keepLines") is not None:
            holder = etree.Element("holder")
            holder.append(_copy(paragraph))
            yield holder, width


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))
