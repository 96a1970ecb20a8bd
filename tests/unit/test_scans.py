"""What a scan is, told from its bytes; files from outside are hostile."""

import io
import warnings

import pikepdf
import pytest
from PIL import Image

from archive.scans import cleaned, examine
from schemas.confinement import Bounds
from schemas.errors import Invalid
from tests.building.sealing import CORPORA

LIMIT = 1024 * 1024


def picture(kind: str, *more: Image.Image, size: tuple[int, int] = (80, 60)) -> bytes:
    stream = io.BytesIO()
    page = Image.new("RGB", size, "white")
    options = {"save_all": True, "append_images": more} if more else {}
    page.save(stream, format=kind, **options)
    return stream.getvalue()


def pdf(pages: int = 1, *, password: str | None = None) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    stream = io.BytesIO()
    locked = False if password is None else pikepdf.Encryption(owner="owner", user=password)
    made.save(stream, encryption=locked)
    return stream.getvalue()


def code_of(content: bytes, limit: int = LIMIT) -> str:
    with pytest.raises(Invalid) as refused:
        examine(content, limit=limit)
    return refused.value.problems[0].code


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (pdf(3), "application/pdf", 3),
        (picture("PNG"), "image/png", 1),
        (picture("JPEG"), "image/jpeg", 1),
        (picture("TIFF"), "image/tiff", 1),
        (picture("TIFF", Image.new("RGB", (80, 60))), "image/tiff", 2),
    ],
    ids=["pdf", "png", "jpeg", "tiff", "tiff-of-two"],
)
def test_what_scanners_write_is_known(content: bytes, media_type: str, pages: int) -> None:
    found = examine(content, limit=LIMIT)
    assert (found.media_type, found.pages) == (media_type, pages)


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00", b"<html><script>", b"PK\x03\x04", picture("GIF"), picture("BMP")],
    ids=["empty", "program", "page", "archive", "gif", "bmp"],
)
def test_anything_else_is_refused(content: bytes) -> None:
    assert code_of(content) == "scan_type_unknown"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        pdf()[:200],
        pdf(password="secret"),
        pdf(0),
        picture("PNG")[:-40],
        picture("JPEG", size=(800, 600))[:-2000],
        picture("TIFF", size=(800, 600))[:5000],
    ],
    ids=["head", "cut-pdf", "locked", "no-page", "cut-png", "cut-jpeg", "cut-tiff"],
)
def test_what_is_cut_off_or_locked_is_refused_while_the_paper_is_at_hand(content: bytes) -> None:
    assert code_of(content) in {"scan_unreadable", "scan_type_unknown"}


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded() -> None:
    stream = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(stream, format="PNG")
    assert len(stream.getvalue()) < LIMIT
    assert code_of(stream.getvalue()) == "scan_unreadable"


def test_a_file_beyond_the_limit_is_refused_unread() -> None:
    assert code_of(pdf(), limit=10) == "scan_too_large"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("签字.png", "签字.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\签字.pdf", "签字.pdf"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\x00b\x1b[31m\n.png", "ab[31m.png"),
        ("\udcff.png", "png"),
        ("..", None),
        ("", None),
        ("x" * 300 + ".png", "x" * 100),
    ],
)
def test_a_files_name_is_kept_without_what_could_do_harm(name: str, kept: str | None) -> None:
    assert cleaned(name) == kept


def with_object(**places: str) -> bytes:
    """A scan with something in its root, its page, its trailer, or in no place at all."""
    made = pikepdf.new()
    page = made.add_blank_page()
    holders = {"root": made.Root, "page": page.obj, "trailer": made.trailer}
    for place, text in places.items():
        value = pikepdf.Object.parse(text.encode())
        if place == "nowhere":
            made.Root.Kept = made.make_indirect(value)
        else:
            for key in value.keys():  # noqa: SIM118 -- a pikepdf dictionary is no mapping
                holders[place][key] = value[key]
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a field outside of a form, which is wanted here
        made.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()


def annotation(inner: str) -> str:
    return f"<</Annots[<</Type/Annot/Rect[0 0 9 9]{inner}>>]>>"


ACTIVE = {
    "script on opening": {"root": "<</OpenAction<</S/JavaScript/JS(x)>>>>"},
    "jump out on opening": {"root": "<</OpenAction<</S/GoToR/F(x.pdf)>>>>"},
    "script by name": {"root": "<</Names<</JavaScript<</Names[(x)<</S/JavaScript/JS(x)>>]>>>>>>"},
    "action of the page": {"page": "<</AA<</O<</S/Named/N/Print>>>>>>"},
    "action of the file": {"root": "<</AA<</WC<</S/JavaScript/JS(x)>>>>>>"},
    "launch": {"page": annotation("/Subtype/Link/A<</S/Launch/F(x.exe)>>")},
    "address": {"page": annotation("/Subtype/Link/A<</S/URI/URI(http://x)>>")},
    "form": {"root": "<</AcroForm<</Fields[]>>>>"},
    "form of XML": {"root": "<</AcroForm<</XFA(x)/Fields[]>>>>"},
    "field": {"page": annotation("/Subtype/Widget/FT/Tx/T(x)")},
    "sending": {"page": annotation("/Subtype/Link/A<</S/SubmitForm/F(http://x)>>")},
    "attached file": {"root": "<</Names<</EmbeddedFiles<</Names[]>>>>>>"},
    "file in a note": {"page": annotation("/Subtype/FileAttachment/FS<</Type/Filespec/F(x)>>")},
    "file that belongs to the page": {"page": "<</AF[]>>"},
    "file by its type": {"nowhere": "<</Type/EmbeddedFile>>"},
    "portfolio": {"root": "<</Collection<<>>>>"},
    "media": {"page": annotation("/Subtype/RichMedia/RichMediaContent<<>>")},
    "sound": {"page": annotation("/Subtype/Sound")},
    "film": {"page": annotation("/Subtype/Screen/A<</S/Rendition>>")},
    "body": {"page": annotation("/Subtype/3D")},
    "note": {"page": annotation("/Subtype/Text/Contents(x)")},
    "annotation of no type": {"page": annotation("")},
    "where nothing refers to it": {"nowhere": "<</S/Launch/F(x)>>"},
}


@pytest.mark.parametrize("name", ACTIVE)
def test_a_scan_that_acts_or_carries_something_is_refused(name: str) -> None:
    assert code_of(with_object(**ACTIVE[name])) == "scan_active"


def test_an_encrypted_scan_is_refused_even_without_a_password() -> None:
    assert code_of(pdf(password="")) == "scan_active"


def test_an_action_with_its_name_in_disguise_is_refused() -> None:
    plain = with_object()
    disguised = plain.replace(b"%%EOF", b"9 0 obj<</S/J#61vaScript/JS(x)>>endobj\n%%EOF")
    assert disguised != plain
    assert code_of(disguised) == "scan_active"


def test_what_a_later_revision_hides_is_refused() -> None:
    stream = io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Kept = pikepdf.Object.parse(b"<</S/Launch>>")
    made.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert code_of(stream.getvalue()) == "scan_active"


@pytest.mark.parametrize(
    "quiet",
    [
        {"root": "<</OpenAction[null/Fit]/PageMode/UseNone>>"},
        {"page": annotation("/Subtype/Link/Dest[null/Fit]")},
        {"root": "<</Outlines<</Count 0>>/MarkInfo<</Marked true>>>>"},
    ],
    ids=["first page", "link within", "outline"],
)
def test_what_scanners_programs_add_is_no_harm(quiet: dict[str, str]) -> None:
    assert examine(with_object(**quiet), limit=LIMIT).pages == 1


def test_an_image_of_a_pdf_has_no_more_pixels_than_a_page() -> None:
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Kept = made.make_stream(b"", Subtype=pikepdf.Name.Image, Width=20_000, Height=20_000)
    stream = io.BytesIO()
    made.save(stream)
    assert code_of(stream.getvalue()) == "scan_unreadable"


def test_data_outside_the_file_is_refused() -> None:
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Kept = made.make_stream(b"", F=pikepdf.String("/etc/passwd"))
    stream = io.BytesIO()
    made.save(stream)
    assert code_of(stream.getvalue()) == "scan_active"


@pytest.mark.parametrize("bounds", [Bounds(memory=1 << 20), Bounds(seconds=0)])
def test_a_scan_that_takes_too_much_ends_its_reader_alone(bounds: Bounds) -> None:
    with pytest.raises(Invalid) as refused:
        examine(picture("TIFF"), limit=LIMIT, bounds=bounds)
    assert refused.value.problems[0].code == "scan_too_demanding"


def test_the_scans_that_others_tried_are_refused() -> None:
    files = sorted((CORPORA / "hostile").glob("scan-*"))
    if not files:
        pytest.skip("the shared corpora are not here")
    assert {code_of(file.read_bytes()) for file in files} == {"scan_active"}
