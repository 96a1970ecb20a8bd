"""Pages of a PDF as pictures."""

import io
from collections.abc import Iterator

import pypdfium2

#: PDF points an inch
_POINTS = 72


def pages_as_png(pdf: bytes, *, dpi: int = 100) -> Iterator[bytes]:
    """Each page as PNG bytes, annotations (the seal) drawn too."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        for page in document:
            picture = page.render(scale=dpi / _POINTS).to_pil()
            buffer = io.BytesIO()
            picture.save(buffer, "PNG", optimize=True)
            page.close()
            yield buffer.getvalue()
    finally:
        document.close()
