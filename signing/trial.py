"""A blank page to try a key on: it says nothing, is sealed in memory and kept nowhere."""

from functools import cache
from io import BytesIO

import pikepdf

from schemas.documents import RenderedPdf, SealSpot

#: what stands in the seal's reason instead of a number; no series is called so
TRIAL_NUMBER = "试印〔0000〕第0号"
#: A4 in PDF points
_WIDTH, _HEIGHT = 595.276, 841.89


@cache
def trial_page() -> RenderedPdf:
    """One blank A4 page, with room for any seal in its middle."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(_WIDTH, _HEIGHT))
    content = BytesIO()
    pdf.save(content)
    middle = SealSpot(page=0, x=_WIDTH / 2, y=_HEIGHT / 2)
    return RenderedPdf(content=content.getvalue(), pages=1, seal_at=middle)
