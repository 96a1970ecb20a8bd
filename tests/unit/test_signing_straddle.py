"""The straddle seal: a slice a page, whole when the pages are laid out like a fan."""

from itertools import pairwise

import pypdfium2
import pytest
from PIL import Image, ImageChops

from signing.straddle import PAGES_A_SEAL, slices
from tests.building.sealing import A4, rendered, seal_picture, sealed, sealer

_SCALE = 3


def _edges(content: bytes) -> list[Image.Image]:
    """The right edge of each page, with no seal but the straddle seal on it."""
    document = pypdfium2.PdfDocument(content)
    width = seal_picture().diameter
    pictures = [
        page.render(scale=_SCALE)
        .to_pil()
        .convert("L")
        .crop((round((A4[0] - width) * _SCALE), 0, round(A4[0] * _SCALE), round(A4[1] * _SCALE)))
        for page in document
    ]
    document.close()
    return pictures


def test_a_single_page_has_none() -> None:
    assert slices(1) == []


@pytest.mark.parametrize("pages", [2, 3, 14, 15, 28, 29, 100])
def test_every_page_has_a_slice_and_each_seal_all_of_its_slices(pages: int) -> None:
    pieces = slices(pages)
    assert len(pieces) == pages
    whole: list[int] = []
    for piece in pieces:
        assert piece.place == (whole[-1] + 1 if piece.place else 0)
        assert 2 <= piece.of <= PAGES_A_SEAL
        whole.append(piece.place)
    ends = [p for p, following in pairwise([*pieces, pieces[0]]) if following.place == 0]
    assert all(end.place == end.of - 1 for end in ends)


@pytest.mark.parametrize("pages", [2, 3, 5])
def test_laid_like_a_fan_the_slices_are_the_whole_seal(pages: int) -> None:
    edges = _edges(sealed(pages).content)
    width, height = edges[0].size
    step = width / pages
    fan = Image.new("L", (width, height), 255)
    for place, edge in enumerate(edges):
        strip = edge.crop((round(width - step), 0, width, height))
        fan.paste(strip, (round(place * step), 0))
    bottom = (A4[1] - seal_picture().diameter) / 2
    alone = _alone().crop((0, 0, width, width))
    found = fan.crop((0, round(bottom * _SCALE), width, round(bottom * _SCALE) + width))
    difference = ImageChops.difference(found, alone).tobytes()
    # the cuts fall between pixels: their columns may differ in shade
    assert sum(1 for value in difference if value > 100) < 0.04 * len(difference)
    ink = sum(1 for value in found.tobytes() if value < 128)
    assert ink == pytest.approx(sum(1 for v in alone.tobytes() if v < 128), rel=0.03)


def test_what_a_page_leaves_of_its_state_does_not_move_the_slice() -> None:
    edge = _edges(sealed(2).content)[0]
    box = ImageChops.invert(edge).point(lambda value: 255 if value > 40 else 0).getbbox()
    assert box is not None
    left, top, right, bottom = (value / _SCALE for value in box)
    assert right == pytest.approx(seal_picture().diameter, abs=1)
    assert left == pytest.approx(seal_picture().radius, abs=1)
    assert (top + bottom) / 2 == pytest.approx(A4[1] / 2, abs=1)


def test_the_page_s_own_text_stays_as_it_is() -> None:
    before, after = rendered(3).content, sealed(3).content
    assert _text(after) == _text(before)


def _text(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def _alone() -> Image.Image:
    """The same seal as the sealed page's own, cut out of a single page."""
    radius = seal_picture().radius
    document = pypdfium2.PdfDocument(sealed(1).content)
    document.init_forms()
    page = document[0].render(scale=_SCALE, may_draw_forms=True).to_pil().convert("L")
    document.close()
    left, top = 400 - radius, A4[1] - 300 - radius
    size = round(2 * radius * _SCALE)
    corner = (round(left * _SCALE), round(top * _SCALE))
    cut: Image.Image = page.crop((*corner, corner[0] + size, corner[1] + size))
    return cut


def test_sealing_needs_no_straddle_for_one_page() -> None:
    content = sealer().seal(rendered(), document_number="1", at=sealed().sealed_at).content
    assert b"HanyinStraddleSeal" not in content
