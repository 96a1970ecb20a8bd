"""A strict clerk's rules: what GB/T 9704-2012 and a careful reader ask of every page."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from schemas.documents import RenderedPdf
from tests.building.clerk import (
    ADVANCE,
    BODY,
    BOTTOM,
    DATE,
    LEFT,
    MM,
    PAGE_NUMBER,
    PITCH,
    RIGHT,
    TITLE,
    TOP,
    Letter,
    Line,
    read,
)
from tests.building.table_rules import cut_rows, labels, lone_rows

#: what a baseline, an edge or a centre may be off
_NEAR = 1.0
#: a seal of the demo's size
SEAL_RADIUS = 21.0
#: characters of a name that fit centred on a date with four characters' room
_SIGNED = 14
#: between a date and a receipt: the seal reaches 9.4 mm below the date; and what is off by rounding
_ASIDE = 14.0
#: characters that a line has, at least
_LEFT_OVER = 4
#: what a character of a justified line takes, at most, in parts of its size
_PULLED = 1.25
#: from the seal's centre down to where the date stands: 20 points to its line, 12.8 in it
_UNDER = 32.8 / MM
#: size of a form's text, points
_FORM = 12.0
#: a character of the page number, which is of size 14 (7.5)
_NUMBER_CHARACTER = 14 / MM
_HEADING = re.compile(
    r"[一二三四五六七八九十]+、\S+|（[一二三四五六七八九十]+）\S+"
    r"|告知事项|承诺内容|请求事项|事实和理由|申请执行标的|附件清单：|社会保险经办机构账户信息"
)


def faults(rendered: RenderedPdf) -> Iterator[tuple[str, str]]:
    """Each rule that a page breaks, and where."""
    letter = read(rendered)
    for rule, look in RULES.items():
        for where in look(letter):
            yield rule, where


def _where(line: Line) -> str:
    return f"page {line.page + 1}, {line.baseline:.1f} mm: {line.text[:24]}"


def _outside(letter: Letter) -> Iterator[str]:
    for line in letter.lines:
        if line.left < LEFT - 0.5 or line.right > RIGHT + 0.5:
            yield f"{_where(line)} from {line.left:.1f} to {line.right:.1f}"
        elif line.baseline > BOTTOM + 0.5 or line.baseline < TOP:
            yield _where(line)


def _advance(letter: Letter) -> Iterator[str]:
    for line in _prose(letter):
        steps = [
            right.origin - left.origin
            for left, right in pairwise(line.glyphs)
            if _is_han(left.text) and _is_han(right.text) and not right.spaced
        ]
        if steps and line.right < RIGHT - ADVANCE and abs(min(steps) - ADVANCE) > 0.06:
            yield f"{_where(line)}: {min(steps):.2f} mm a character"


def _pitch(letter: Letter) -> Iterator[str]:
    for lines in letter.pages:
        body = [line for line in lines if line.size == BODY]
        for above, line in pairwise(body):
            step = line.baseline - above.baseline
            if (
                line.left < LEFT + 1
                and PITCH * 0.6 < step < PITCH * 1.4
                and abs(step - PITCH) > 0.1
            ):
                yield f"{_where(line)}: {step:.2f} mm a line"


def _prose(letter: Letter) -> Iterator[Line]:
    return (line for line in letter.lines if line.size == BODY and len(line.text) > 2)


def _is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _page_number(letter: Letter) -> Iterator[str]:
    for mark in letter.marks:
        if PAGE_NUMBER.fullmatch(mark.text):
            # the dash stands a third of its size over the baseline
            dash = mark.baseline - 0.33 * mark.size / MM
            if abs(dash - BOTTOM - 7) > _NEAR:
                yield f"page {mark.page + 1}: its dash {dash - BOTTOM:.1f} mm under the type area"


def _outer_edge(letter: Letter) -> Iterator[str]:
    """The page number is at the outer edge: right on odd pages, left on even ones (7.5)."""
    for mark in letter.marks:
        if PAGE_NUMBER.fullmatch(mark.text):
            odd = mark.page % 2 == 0
            room = RIGHT - mark.right if odd else mark.left - LEFT
            if abs(room - _NUMBER_CHARACTER) > _NEAR:
                yield f"page {mark.page + 1}: its number {room:.1f} mm from the outer edge"


def _date(letter: Letter) -> Iterator[str]:
    if letter.date is not None:
        more = RIGHT - 4 * ADVANCE - letter.date.right
        # a name that is too long for two lines there takes the date along to the left
        wide = any(len(line.text) > _SIGNED for line in letter.signature)
        if more < -_NEAR or (more > _NEAR and not wide):
            yield f"{_where(letter.date)} ends {RIGHT - letter.date.right:.1f} mm from the margin"


def _date_alone(letter: Letter) -> Iterator[str]:
    """The date under the seal has a line of its own, whatever the name's length."""
    spot = letter.seal_at
    y = (letter.page_height - spot.y) / MM + _UNDER
    for line in letter.page(spot.page):
        under = abs(line.baseline - y) < _NEAR and line.left < spot.x / MM < line.right
        if under and DATE.search(line.text) and not DATE.fullmatch(line.text):
            yield _where(line)


def _name(letter: Letter) -> Iterator[str]:
    if letter.date is None:
        return
    if not letter.signature:
        yield f"{_where(letter.date)}: no name over it"
    if len(letter.signature) > 2:
        yield f"{_where(letter.signature[0])}: in {len(letter.signature)} lines"
    for line in letter.signature:
        if abs(line.centre - letter.date.centre) > _NEAR:
            yield f"{_where(line)}: {line.centre - letter.date.centre:+.1f} mm off the date"


def _name_left(letter: Letter) -> Iterator[str]:
    for line in letter.signature:
        if len(line.text) < _LEFT_OVER:
            yield f"{_where(line)}: {len(line.text)} characters left"


def _titles(letter: Letter) -> Iterator[str]:
    for line in letter.lines:
        if line.size == TITLE and len(line.text) < 2:
            yield _where(line)


def _widows(letter: Letter) -> Iterator[str]:
    for above, below in pairwise(letter.pages):
        last, first = above[-1], below[0]
        if last.size != BODY or first.size != BODY or first.left > LEFT + 1:
            continue
        if last.indented and not last.text.endswith(("：", "。")):
            yield f"{_where(last)}: a paragraph's first line alone"
        if len(below) > 1 and (below[1].indented or below[1].left > LEFT + 1):
            yield f"{_where(first)}: a paragraph's last line alone"


def _headings(letter: Letter) -> Iterator[str]:
    for lines in letter.pages[:-1]:
        if _HEADING.fullmatch(lines[-1].text):
            yield _where(lines[-1])


def _sealed_text(letter: Letter) -> Iterator[str]:
    if letter.date is not None and letter.signature:
        top = letter.signature[0].baseline
        above = [line for line in letter.page(letter.date.page) if line.baseline < top - 1]
        if len(above) < 2:
            yield f"page {letter.date.page + 1}: {len(above)} lines over the signature"


def _gaps(letter: Letter) -> Iterator[str]:
    for line in _prose(letter):
        steps = [
            (right.origin - left.origin) * MM / line.size
            for left, right in pairwise(line.glyphs)
            if _is_han(left.text) and _is_han(right.text) and not right.spaced
        ]
        if steps and median(steps) > _PULLED:
            yield f"{_where(line)}: {median(steps):.2f} em a character"


def _under_seal(letter: Letter) -> Iterator[str]:
    spot = letter.seal_at
    x, y = spot.x / MM, (letter.page_height - spot.y) / MM
    signed = {id(line) for line in (*letter.signature, letter.date)}
    for line in letter.page(spot.page):
        if id(line) in signed:
            continue
        for glyph in line.glyphs:
            middle = glyph.baseline - glyph.size / MM / 3
            # of a form only figures have to be read; an agreement is sealed over its party's name
            if (line.size < _FORM or letter.date is None) and not glyph.text.isdigit():
                continue
            if ((glyph.left + glyph.right) / 2 - x) ** 2 + (middle - y) ** 2 < SEAL_RADIUS**2:
                yield f"{_where(line)}: {glyph.text} lies under the seal"
                break


def _receipt(letter: Letter) -> Sequence[Line]:
    """The lines from the one along which a receipt is cut off."""
    heads = [place for place, line in enumerate(letter.lines) if "裁剪线" in line.text]
    return letter.lines[heads[-1] :] if heads else ()


def _receipts(letter: Letter) -> Iterator[str]:
    lines = _receipt(letter)
    if lines and lines[-1].page != lines[0].page:
        yield f"{_where(lines[0])}: torn over {lines[-1].page - lines[0].page + 1} pages"


def _receipt_lines(letter: Letter) -> Iterator[str]:
    """A number of four or five figures leaves no few characters for a line of their own."""
    for line in _receipt(letter)[2:]:
        if len(line.text) < _LEFT_OVER:
            yield f"{_where(line)}: {len(line.text)} characters left"


def _one_page(letter: Letter) -> Iterator[str]:
    """A letter whose lines, with its receipt, are no higher than a page is one page."""
    high = sum(lines[-1].baseline - lines[0].baseline + PITCH for lines in letter.pages)
    if len(letter.pages) > 1 and high < BOTTOM - TOP - _ASIDE:
        yield f"{len(letter.pages)} pages, {high:.0f} mm of text"


def _attachments(letter: Letter) -> Iterator[str]:
    for above, line in pairwise(letter.lines):
        if line.text.startswith("附件：") and line.page == above.page:
            step = line.baseline - above.baseline
            if step < 2 * PITCH - _NEAR:
                yield f"{_where(line)}: {step:.1f} mm below the text"


#: what is asked of every page, by name
RULES: Mapping[str, Callable[[Letter], Iterator[str]]] = {
    "inside the type area": _outside,
    "28 characters a line": _advance,
    "22 lines a page": _pitch,
    "page number 7 mm below": _page_number,
    "page number at the outer edge": _outer_edge,
    "date with four characters' room": _date,
    "date in a line of its own": _date_alone,
    "name centred on the date": _name,
    "no few characters of a name": _name_left,
    "no title of one character": _titles,
    "no line of a paragraph alone": _widows,
    "no heading at a page's end": _headings,
    "no row cut in two": cut_rows,
    "no row of a table alone": lone_rows,
    "labels again on the next page": labels,
    "text over the seal": _sealed_text,
    "no line pulled apart": _gaps,
    "nothing under the seal": _under_seal,
    "receipt in one piece": _receipts,
    "receipt's lines whole": _receipt_lines,
    "one page where all fits": _one_page,
    "attachments one line below": _attachments,
}
