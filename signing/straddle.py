"""The straddle seal (骑缝章): one slice of the seal at the right edge of each page.

Laid out like a fan, each page a slice further to the right than the one above it, the pages show
the whole seal; a page that is missing or exchanged leaves a hole. A practice, not a clause of
GB/T 9704. The slices are page content, painted before the signature and covered by it.
"""

from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.drawable import Drawable
from signing.pages import PageBox, box_of, draw_on
from signing.paths import number

#: pages that share one straddle seal, at most: a slice of a 42 mm seal is then 3 mm wide
PAGES_A_SEAL = 14
#: the seal's name among a page's XObjects
_NAME = "/HanyinStraddleSeal"


@dataclass(frozen=True, kw_only=True)
class Slice:
    """The vertical slice of a seal that one page shows."""

    #: 0-based, from the left; the first page shows the leftmost
    place: int
    #: how many slices the seal is cut into
    of: int


def slices(pages: int) -> list[Slice]:
    """The slice of each page: none for a single page, more than one seal for very many pages."""
    if pages < 2:  # noqa: PLR2004
        return []
    seals = -(-pages // PAGES_A_SEAL)
    sizes = [pages // seals + (place < pages % seals) for place in range(seals)]
    return [Slice(place=place, of=size) for size in sizes for place in range(size)]


def straddle(
    writer: IncrementalPdfFileWriter, seal: Drawable, form: generic.IndirectObject, pages: int
) -> None:
    """Each page shows its slice of ``seal`` (``form`` paints it) at half its height."""
    for place, piece in enumerate(slices(pages)):
        reference, _ = writer.find_page_for_modification(place)
        box = box_of(reference.get_object())
        draw_on(writer, place, _operators(box, seal, piece), (_NAME, form))


def _operators(box: PageBox, seal: Drawable, piece: Slice) -> bytes:
    """The slice at the right edge; ``form`` has its origin at the seal's lower left corner."""
    width = seal.diameter / piece.of
    bottom = (box.bottom + box.top - seal.diameter) / 2
    left = box.right - width
    origin = left - piece.place * width
    clip = " ".join(map(number, (left, bottom, width, seal.diameter)))
    return (
        f"/Artifact BMC q {clip} re W n 1 0 0 1 {number(origin)} {number(bottom)} cm"
        f" {_NAME} Do Q EMC\n"
    ).encode("ascii")
