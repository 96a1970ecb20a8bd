"""Registered seals from PNG, SVG and PDF: drawn as they are, and hiding nothing of the letter."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw

from schemas.errors import Misconfigured
from signing.examination import examine
from signing.registered import RegisteredSeal, registered_seal
from signing.sealer import Sealer
from tests.building.pdfa import faults
from tests.building.sealing import A4, AT, NUMBER, agency_key, rendered, root

_SCALE = 3
_DIAMETER = 42 * 72 / 25.4
_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">
<title>seal</title>
<g transform="translate(200,200)" fill="#d60f17">
<path fill-rule="evenodd" d="M-200 0 A200 200 0 1 1 200 0 A200 200 0 1 1 -200 0 Z
 M-180 0 A180 180 0 1 1 180 0 A180 180 0 1 1 -180 0 Z"/>
<rect x="-60" y="-20" width="120" height="40" transform="rotate(90)"/>
</g></svg>"""


def ring(mode: str = "RGBA") -> Image.Image:
    """The same seal as a picture: a ring and an upright bar, red on nothing."""
    picture = Image.new("RGBA", (800, 800), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((2, 2, 797, 797), outline=(214, 15, 23, 255), width=38)
    draw.rectangle((360, 280, 440, 520), fill=(214, 15, 23, 255))
    if mode == "RGBA":
        return picture
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    return ground.convert(mode)


def file_of(folder: Path, kind: str) -> Path:
    file = folder / f"seal.{kind.split('-', maxsplit=1)[0]}"
    match kind:
        case "svg":
            file.write_text(_SVG)
        case "pdf":
            ring("RGB").save(file, "PDF")
        case "png-opaque":
            ring("RGB").save(file)
        case _:
            ring().save(file)
    return file


def seal(folder: Path, kind: str) -> RegisteredSeal:
    return registered_seal(file_of(folder, kind), diameter_mm=42)


def sealed(made: RegisteredSeal, pages: int = 1) -> bytes:
    desk = Sealer(agency_key(), made)
    return desk.seal(rendered(pages), document_number=NUMBER, at=AT).content


def cut(content: bytes) -> Image.Image:
    """The sealed page about its seal."""
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    page = document[0].render(scale=_SCALE, may_draw_forms=True).to_pil().convert("RGB")
    document.close()
    left, top = (400 - _DIAMETER / 2) * _SCALE, (A4[1] - 300 - _DIAMETER / 2) * _SCALE
    size = _DIAMETER * _SCALE
    found: Image.Image = page.crop(tuple(round(v) for v in (left, top, left + size, top + size)))
    return found


KINDS = ["png", "png-opaque", "svg", "pdf"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_registered_seal_looks_on_paper_as_it_does_in_its_file(tmp_path: Path, kind: str) -> None:
    found = cut(sealed(seal(tmp_path, kind)))
    expected = ring("RGB").resize(found.size, Image.Resampling.LANCZOS)
    difference = ImageChops.difference(found, expected).convert("L").tobytes()
    assert sum(1 for value in difference if value > 80) < 0.01 * len(difference)


@pytest.mark.parametrize("kind", KINDS)
def test_the_letter_is_genuine_and_no_further_from_pdf_a(tmp_path: Path, kind: str) -> None:
    content = sealed(seal(tmp_path, kind), pages=3)
    assert examine(content, [root()]).genuine
    assert set(faults(content)) <= set(faults(rendered(3).content))
    with pikepdf.open(BytesIO(content)) as pdf:
        assert not [each for each in pdf.objects if _has_mask(each)]


def _has_mask(item: object) -> bool:
    return isinstance(item, pikepdf.Stream) and ("/SMask" in item or "/Mask" in item)


@pytest.mark.parametrize("kind", KINDS)
def test_laid_like_a_fan_the_slices_are_the_whole_registered_seal(
    tmp_path: Path, kind: str
) -> None:
    content = sealed(seal(tmp_path, kind), pages=3)
    document = pypdfium2.PdfDocument(content)
    size = round(_DIAMETER * _SCALE)
    fan = Image.new("RGB", (size, size), "white")
    top = (A4[1] - _DIAMETER) / 2 * _SCALE
    for place, page in enumerate(document):
        picture = page.render(scale=_SCALE).to_pil().convert("RGB")
        step, right = _DIAMETER / 3 * _SCALE, A4[0] * _SCALE
        box = tuple(round(value) for value in (right - step, top, right, top + size))
        fan.paste(picture.crop(box), (round(place * step), 0))
    document.close()
    alone = ring("RGB").resize(fan.size, Image.Resampling.LANCZOS)
    difference = ImageChops.difference(fan, alone).convert("L").tobytes()
    assert sum(1 for value in difference if value > 80) < 0.03 * len(difference)


def test_what_the_seal_is_pressed_on_stays_readable(tmp_path: Path) -> None:
    # an opaque white ground would hide the text below it; multiplied, it hides nothing
    with pikepdf.open(BytesIO(sealed(seal(tmp_path, "png-opaque")))) as pdf:
        form = pdf.pages[0].Annots[0].AP.N
        assert form.Resources.ExtGState.Ink.BM == "/Multiply"
        assert form.read_bytes().startswith(b"q /Ink gs")


def test_a_picture_finer_than_print_is_stored_as_fine_as_print(tmp_path: Path) -> None:
    file = tmp_path / "seal.png"
    ring("RGB").resize((3000, 3000)).save(file)
    made = registered_seal(file, diameter_mm=42)
    assert made.raster is not None
    assert made.raster.width == round(42 / 25.4 * 600)
    assert len(made.raster.pixels) < 100_000


def test_an_oval_seal_keeps_its_shape(tmp_path: Path) -> None:
    file = tmp_path / "seal.png"
    ring("RGB").resize((900, 600)).save(file)
    made = registered_seal(file, diameter_mm=45)
    assert made.operators().startswith(b"q 127.559 0 0 85.0")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read"),
        (b"GIF89a", "cannot be read"),
        (b"%PDF-1.7 nothing", "cannot be read as PDF"),
        (b"<svg", "well-formed"),
        (b"<svg/>", "viewBox"),
        (b'<svg viewBox="0 0 9 9"/>', "no filled shape"),
        (b'<svg viewBox="0 0 9 9"><text>seal</text></svg>', "<text>"),
        (b'<svg viewBox="0 0 9 9"><image href="http://x/"/></svg>', "<image>"),
        (b'<svg viewBox="0 0 9 9"><circle r="4" stroke="red"/></svg>', "stroke"),
        (b'<svg viewBox="0 0 9 9"><circle r="4" style="stroke:red"/></svg>', "stroke"),
        (b'<svg viewBox="0 0 9 9"><circle r="4" opacity="0.5"/></svg>', "opacity"),
        (b'<svg viewBox="0 0 9 9"><circle r="4" fill="url(#a)"/></svg>', "colour"),
        (b'<svg viewBox="0 0 9 9"><g transform="skewX(9)"/></svg>', "transform"),
        (b'<svg viewBox="0 0 9 9"><path d="M 1 nonsense"/></svg>', "cannot be read"),
        (
            b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///a">]><svg viewBox="0 0 9 9">&a;</svg>',
            "no filled shape",
        ),
    ],
)
def test_what_is_no_seal_is_told_with_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "seal"
    file.write_bytes(content)
    with pytest.raises(Misconfigured, match=said) as caught:
        registered_seal(file, diameter_mm=42)
    assert "agencies.seal.image_file" in str(caught.value)


def test_a_picture_of_few_pixels_is_no_seal(tmp_path: Path) -> None:
    file = tmp_path / "seal.png"
    ring("RGB").resize((200, 200)).save(file)
    with pytest.raises(Misconfigured, match="200 × 200 pixels"):
        registered_seal(file, diameter_mm=42)


def test_a_pdf_of_several_pages_is_no_seal(tmp_path: Path) -> None:
    file = tmp_path / "seal.pdf"
    ring("RGB").save(file, "PDF", save_all=True, append_images=[ring("RGB")])
    with pytest.raises(Misconfigured, match="2 pages"):
        registered_seal(file, diameter_mm=42)
