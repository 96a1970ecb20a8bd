"""The seal's picture: every name of 4 to 30 characters is set evenly, upright and inside."""

from io import BytesIO
from itertools import pairwise
from math import atan2, degrees, hypot
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from schemas.configuration import Agency
from schemas.errors import Misconfigured
from signing.fonts import FontFile, find_fonts, glyphs_of
from signing.seal import MM, NAME_LENGTHS, Seal
from tests.building.paper import AGENCY
from tests.building.sealing import fonts

_ALPHABET = "湖南省湘西土家族苗族自治州龙山县城乡居民社会保险经办服务中心第一"
#: the ring and the star come first; then a shape for each character
_RING_AND_STAR = 3


def _seal(length: int, mark: str | None = None) -> Seal:
    return Seal.named(_ALPHABET[:length], diameter_mm=42, fonts=fonts(), mark=mark)


def _same_characters(length: int) -> Seal:
    """One character again and again: its shapes differ in their turn alone."""
    return Seal.named("中" * length, diameter_mm=42, fonts=fonts())


def _contours(seal: Seal) -> list[list[tuple[float, float]]]:
    found: list[list[tuple[float, float]]] = []
    for name, points in seal.outline.segments:
        if name == "m":
            found.append([])
        found[-1] += zip(points[::2], points[1::2], strict=True)
    return found


def _angles(seal: Seal, length: int) -> list[float]:
    """Degrees from the top of each character's middle, clockwise."""
    contours = _contours(seal)[_RING_AND_STAR:]
    each = len(contours) // length
    middles = []
    for place in range(length):
        points = [p for contour in contours[place * each : (place + 1) * each] for p in contour]
        x = sum(x for x, _ in points) / len(points)
        y = sum(y for _, y in points) / len(points)
        middles.append(degrees(atan2(x, y)))
    return middles


def _picture(seal: Seal) -> Image.Image:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(140, 140))
    page.Contents = pdf.make_stream(b"1 0 0 1 70 70 cm " + seal.operators())
    stream = BytesIO()
    pdf.save(stream)
    document = pypdfium2.PdfDocument(stream.getvalue())
    picture: Image.Image = document[0].render(scale=2).to_pil().convert("L")
    document.close()
    return picture


@pytest.mark.parametrize("length", NAME_LENGTHS)
def test_the_name_is_set_evenly_about_the_upright_axis(length: int) -> None:
    angles = _angles(_same_characters(length), length)
    steps = [second - first for first, second in pairwise(angles)]
    assert max(steps) - min(steps) < 0.01
    assert steps[0] > 5
    # the glyph's own ink is not quite symmetric in its square
    assert abs(angles[0] + angles[-1]) < 2.0


@pytest.mark.parametrize("length", NAME_LENGTHS)
def test_no_character_reaches_the_ring_or_the_star(length: int) -> None:
    seal = _seal(length)
    star = max(hypot(x, y) for x, y in _contours(seal)[2])
    reach = [hypot(x, y) for contour in _contours(seal)[_RING_AND_STAR:] for x, y in contour]
    assert max(reach) < seal.radius * 0.94
    assert min(reach) > star


@pytest.mark.parametrize("length", [4, 12, 20, 30])
def test_neighbours_do_not_touch(length: int) -> None:
    one, two = _seal(length), _same_characters(length)
    for seal in (one, two):
        ink = sum(1 for value in _picture(seal).tobytes() if value < 128)
        assert 2_000 < ink < 25_000
    angles = _angles(two, length)
    contours = _contours(two)[_RING_AND_STAR:]
    each = len(contours) // length
    for place in range(length):
        points = [p for contour in contours[place * each : (place + 1) * each] for p in contour]
        off = [abs(degrees(atan2(x, y)) - angles[place]) for x, y in points]
        assert max(min(o, 360 - o) for o in off) < (angles[1] - angles[0]) * 0.6


def test_the_ring_is_as_wide_as_the_setting_says() -> None:
    seal = Seal.named("湘乡社保", diameter_mm=45, fonts=fonts())
    xs = [x for contour in _contours(seal) for x, _ in contour]
    assert (max(xs) - min(xs)) / MM == pytest.approx(45, abs=0.01)


def test_the_first_character_stands_left_and_the_middle_one_on_top() -> None:
    angles = _angles(_same_characters(5), 5)
    assert angles[0] < 0 < angles[-1]
    assert abs(angles[2]) < 1.0


def test_the_picture_is_symmetric_where_ring_and_star_are() -> None:
    bare = Seal.named("一一一一", diameter_mm=42, fonts=fonts())
    star = _contours(bare)[2]
    assert sum(x for x, _ in star) == pytest.approx(0, abs=1e-6)
    assert sum(y for _, y in star) == pytest.approx(0, abs=1e-6)
    assert max(y for _, y in star) == pytest.approx(max(hypot(x, y) for x, y in star))


def test_an_invented_agency_s_seal_says_demo() -> None:
    demo = Seal.of(AGENCY, fonts())
    real = Seal.of(AGENCY.model_copy(update={"demo": False}), fonts())
    assert len(demo.outline.segments) > len(real.outline.segments)
    marks = demo.outline.segments[len(real.outline.segments) :]
    assert all(y < 0 for _, points in marks for y in points[1::2])


def test_the_seal_s_own_name_comes_before_the_agency_s() -> None:
    settings = AGENCY.seal.model_copy(update={"name": "湘乡社保"})
    agency: Agency = AGENCY.model_copy(update={"seal": settings, "demo": False})
    assert Seal.of(agency, fonts()) == Seal.named("湘乡社保", diameter_mm=42, fonts=fonts())


@pytest.mark.parametrize("name", ["湘乡县", "中" * 31, ""])
def test_a_name_too_short_or_too_long_is_refused(name: str) -> None:
    with pytest.raises(Misconfigured, match=r"agencies\.seal\.name.*4 to 30"):
        Seal.named(name, diameter_mm=42, fonts=fonts())


def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(Misconfigured, match="U000f0000"):
        Seal.named("湘乡社保\U000f0000", diameter_mm=42, fonts=fonts())


def test_a_rare_character_comes_from_the_next_font() -> None:
    first, second = fonts()[0], fonts()[-1]
    rare = next(c for c in "\U00020164㛃\U0002afb2" if not first.glyphs(c) and second.glyphs(c))
    usual, other = glyphs_of("中" + rare, [first, second])
    assert usual == first.glyphs("中")["中"]
    assert other == second.glyphs(rare)[rare]


def test_no_installed_font_is_an_error_that_says_what_to_install() -> None:
    with pytest.raises(Misconfigured, match="fonts-noto-cjk"):
        find_fonts(["No Such Family"])


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    file = tmp_path / "no.otf"
    file.write_bytes(b"nothing")
    with pytest.raises(Misconfigured, match=r"no\.otf"):
        FontFile(file).glyphs("中")


def test_the_operators_use_one_colour_and_neither_font_nor_transparency() -> None:
    words = set(_seal(12, mark="DEMO").operators().decode("ascii").split())
    letters = {word for word in words if not word.lstrip("-").replace(".", "").isdigit()}
    assert letters == {"q", "rg", "m", "l", "c", "h", "f", "Q"}


def test_the_svg_draws_the_same_shapes() -> None:
    seal = _seal(8)
    svg = seal.svg()
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert svg.count("M") == sum(1 for name, _ in seal.outline.segments if name == "m")
