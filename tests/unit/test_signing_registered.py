"""Registered seals from PNG, SVG and PDF: drawn as they are, and hiding nothing of the letter."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw

from schemas.confinement import Bounds
from schemas.errors import Misconfigured
from signing.drawable import RegisteredSeal
from signing.examination import examine
from signing.paths import number
from signing.registered import registered_seal
from signing.sealer import Sealer
from tests.building.pdfa import faults
from tests.building.sealing import A4, AT, CORPORA, NUMBER, agency_key, rendered, root

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
            "document type",
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


def drawing(inner: str, box: str = "0 0 9 9") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inner}</svg>'.encode()


def fine_line(points: int) -> str:
    return '<path d="M0 0' + "l1 1l-1-1" * (points // 2 + 1) + 'z"/>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (drawing('<path d="M1e999 0L9 9L0 9Z"/>'), "not finite"),
        (drawing('<path d="M-1e999 0L9 9L0 9Z"/>'), "not finite"),
        (drawing('<path d="M1e30 0L9 9L0 9Z"/>'), "far outside"),
        (drawing('<circle r="1e999"/>'), "not finite|cannot be read"),
        (drawing('<g transform="scale(1e999)"><circle r="4"/></g>'), "not finite"),
        (drawing('<g transform="scale(1e300)"><circle r="4"/></g>'), "far outside"),
        (drawing('<g transform="rotate(1e999)"><circle r="4"/></g>'), "not finite|cannot be read"),
        (drawing('<circle r="4"/>', "0 0 1e999 9"), "not finite"),
        (drawing('<circle r="4"/>', "0 0 1e-320 1e-320"), "not finite"),
        (drawing('<circle r="4"/>', "1e999 0 9 9"), "not finite"),
        (drawing(fine_line(100_001)), "more than 100000 points"),
        (drawing(fine_line(30_000) * 4), "more than 100000 points"),
        (b"<!DOCTYPE svg>" + drawing('<circle r="4"/>'), "document type"),
    ],
)
def test_a_drawing_without_measure_is_no_seal(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "seal.svg"
    file.write_bytes(content)
    with pytest.raises(Misconfigured, match=said):
        registered_seal(file, diameter_mm=42)


@pytest.mark.parametrize("size", [(30_000, 30_000), (9_999, 9_999), (160_001, 100)])
def test_a_picture_of_too_many_pixels_is_refused_undecoded(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    file = tmp_path / "seal.png"
    Image.new("1", size).save(file)
    with pytest.raises(Misconfigured, match="16000000"):
        registered_seal(file, diameter_mm=42)


def test_a_form_that_draws_itself_ends_its_reader_alone(tmp_path: Path) -> None:
    file = tmp_path / "seal.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(120, 120))
        form = pdf.make_stream(
            b"/F Do /F Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
        )
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.Contents = pdf.make_stream(b"/F Do")
        pdf.save(file)
    with pytest.raises(Misconfigured, match="could not be read within"):
        registered_seal(file, diameter_mm=42, bounds=Bounds(seconds=2))


@pytest.mark.parametrize("bounds", [Bounds(memory=1 << 20), Bounds(seconds=0)])
def test_a_seal_that_takes_too_much_ends_its_reader_alone(tmp_path: Path, bounds: Bounds) -> None:
    with pytest.raises(Misconfigured, match="could not be read within"):
        registered_seal(file_of(tmp_path, "pdf"), diameter_mm=42, bounds=bounds)


def test_a_huge_file_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "seal.svg"
    file.write_bytes(b" " * (32 * 1024 * 1024 + 1))
    with pytest.raises(Misconfigured, match="the most that is read"):
        registered_seal(file, diameter_mm=42)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_what_is_no_number_is_never_written_into_a_pdf(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        number(value)


def test_the_seals_that_others_tried_are_refused() -> None:
    files = sorted((CORPORA / "hostile").glob("seal-*"))
    if not files:
        pytest.skip("the shared corpora are not here")
    for file in files:
        with pytest.raises(Misconfigured, match=r"agencies\.seal\.image_file"):
            registered_seal(file, diameter_mm=42)
