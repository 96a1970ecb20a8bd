"""A letter by Hanyin and by the plain way: the same to the pixel and to the letter."""

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from rendering.pdf import text_of

#: pixels an inch
_DPI = 72
#: points at the right edge that the straddle seal may take: half of its 42 mm
_STRADDLE = 62


def compare(hanyin: bytes, plain: bytes) -> list[str]:
    """In what the letters differ beside their seals; nothing of either says what it says."""
    faults = []
    if text_of(hanyin) != text_of(plain):
        faults.append("the text differs")
    pages, others = _pages(hanyin), _pages(plain)
    if len(pages) != len(others):
        return [*faults, f"{len(pages)} pages and {len(others)}"]
    for number, (one, other) in enumerate(zip(pages, others, strict=True), start=1):
        if ImageChops.difference(one, other).getbbox() is not None:
            faults.append(f"page {number} looks otherwise")
    return faults


def _pages(pdf: bytes) -> list[Image.Image]:
    """The pages without widgets and without the strip of the straddle seal."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        picture = page.render(scale=_DPI / 72, draw_annots=False).to_pil().convert("L")
        edge = (picture.width - _STRADDLE * _DPI // 72, 0, picture.width, picture.height)
        ImageDraw.Draw(picture).rectangle(edge, fill=255)
        pages.append(picture)
        page.close()
    document.close()
    return pages
