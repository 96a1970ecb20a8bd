"""What a scan is, told from its bytes; files from outside are hostile."""

import io

import pikepdf
import pytest
from PIL import Image

from archive.scans import cleaned, examine
from schemas.errors import Invalid

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
    locked = pikepdf.Encryption(owner=password, user=password) if password else False
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
