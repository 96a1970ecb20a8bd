"""Objects that show "PAY 999,999.00" to a reader that takes them for the letter's."""

from collections.abc import Callable

from tests.building.forging.base import Base

_PAINTED = b"q 1 1 1 rg 0 0 596 842 re f Q BT /F1 30 Tf 60 600 Td (PAY 999,999.00 TO 6222) Tj ET"
_CONTENT = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(_PAINTED), _PAINTED)
_PAGE = (
    b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 596 842] /Contents %d 0 R /Resources << /Font"
    b" << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
)
_PAGES = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>"
#: how far above the letter's numbers the forged ones begin
_ABOVE = 10


def content(base: Base) -> dict[int, bytes]:
    """The letter's content written anew."""
    return {base.content: _CONTENT}


def page(base: Base) -> dict[int, bytes]:
    """The letter's page with other content."""
    other = base.size + _ABOVE
    return {base.page: _PAGE % (base.pages, other), other: _CONTENT}


def pages(base: Base) -> dict[int, bytes]:
    """The page tree with another page."""
    first = base.size + _ABOVE
    made = {first: _PAGE % (base.pages, first + 1), first + 1: _CONTENT}
    return made | {base.pages: _PAGES % first}


def catalogue(base: Base) -> dict[int, bytes]:
    """The catalogue with another page tree."""
    return tree(base) | {base.root: with_tree(base)}


def root(base: Base) -> dict[int, bytes]:
    """Another catalogue with another page tree."""
    return tree(base) | {base.size + _ABOVE + 3: with_tree(base)}


def tree(base: Base) -> dict[int, bytes]:
    """A page tree of its own: page, content, tree."""
    first = base.size + _ABOVE
    made = {first: _PAGE % (first + 2, first + 1), first + 1: _CONTENT}
    return made | {first + 2: _PAGES % first}


def with_tree(base: Base) -> bytes:
    """The catalogue's entries, with the forged page tree."""
    own = base.objects[base.root]
    return own.replace(b"/Pages %d 0 R" % base.pages, b"/Pages %d 0 R" % (base.size + _ABOVE + 2))


def borrowed(base: Base) -> dict[int, bytes]:
    """The page, whose content stands under the number of the stamp's field."""
    return {base.page: _PAGE % (base.pages, base.size), base.size: _CONTENT}


#: each gives number → object
PAYLOADS: tuple[Callable[[Base], dict[int, bytes]], ...] = (
    content,
    page,
    pages,
    catalogue,
    root,
    borrowed,
)
