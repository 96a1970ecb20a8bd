"""What a strict clerk asks of tables that go over a page."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.building.clerk import Letter, Line, Row, Stroke

#: rows of a table on a page, at least
_TOGETHER = 2
#: a point that is as far from a line is on neither
_BESIDE = 1.0


def cut_rows(letter: Letter) -> Iterator[str]:
    """Rows whose text is on two pages."""
    for table in letter.tables:
        for number, row in enumerate(table, 1):
            if len(row.pages) > 1:
                yield f"row {number} of {len(table)} on pages {[page + 1 for page in row.pages]}"


def lone_rows(letter: Letter) -> Iterator[str]:
    """Pages where a table that goes over a page has one row, or none below its head."""
    for table in letter.tables:
        rows = [row for row in table if row.pages and not row.header]
        on = [row.pages[0] for row in rows]
        pages = {*on, *_of_heads(table)}
        for page in sorted(pages) if len(pages) > 1 else ():
            if on.count(page) < _TOGETHER:
                yield f"page {page + 1}: {on.count(page)} of {len(rows)} rows"


def _of_heads(table: Sequence[Row]) -> set[int]:
    return {row.pages[0] for row in table if row.pages and row.header}


def labels(letter: Letter) -> Iterator[str]:
    """Pages that begin within a ruled table, with nothing in its first cell."""
    for lines in letter.pages[1:]:
        edges = _edges(letter, lines[0])
        if len(edges) < _TOGETHER:
            continue
        middle = (edges[0] + edges[1]) / 2
        across = sorted(
            stroke.top
            for stroke in letter.strokes
            if stroke.page == lines[0].page and not stroke.down and stroke.passes(middle, 0)
        )
        # a table that is cut has a line at its top too, or none: the first cell ends below text
        ends = [y for y in across if y > lines[0].baseline] or [lines[-1].baseline]
        if not any(_holds(line, edges[0], edges[1], ends[0]) for line in lines):
            yield f"page {lines[0].page + 1}: no label before {lines[0].text[:24]}"


def _edges(letter: Letter, line: Line) -> list[float]:
    """Where lines down pass the text of ``line``, from left to right, each once."""
    found = sorted(
        stroke.left
        for stroke in letter.strokes
        if _is_beside(stroke, line) and stroke.passes(0, line.baseline - _BESIDE)
    )
    return found[:1] + [right for left, right in pairwise(found) if right - left > _BESIDE]


def _is_beside(stroke: Stroke, line: Line) -> bool:
    return stroke.down and stroke.page == line.page


def _holds(line: Line, left: float, right: float, bottom: float) -> bool:
    """True where a character of ``line`` is in the cell."""
    return line.baseline < bottom and any(left < glyph.left < right for glyph in line.glyphs)
