"""Other programs that read PDF: what each shows of a file, its text and its pictures.

Poppler, MuPDF (Debian's ``mupdf-tools``) and pdf.js (the folder with ``node_modules`` is named by
HANYIN_TEST_PDFJS) are asked where they are installed; nothing of them is linked with or shipped.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pypdfium2

_PDFJS = Path(__file__).parents[2] / "judges" / "pdfjs" / "read.mjs"
#: seconds for one file; pixels an inch
_PATIENCE, _DPI = 60, "20"
_REFUSED = ("refused",)

Shown = tuple[object, ...]
Reader = Callable[[bytes], Shown]


@contextmanager
def readers() -> Iterator[dict[str, Reader]]:
    """Those that are installed, by name."""
    found: dict[str, Reader] = {"pdfium": pdfium, "QPDF": qpdf}
    if shutil.which("pdftotext") and shutil.which("pdftoppm"):
        found["poppler"] = poppler
    if shutil.which("mutool"):
        found["MuPDF"] = mupdf
    modules = os.environ.get("HANYIN_TEST_PDFJS", "")
    if not modules or shutil.which("node") is None:
        yield found
        return
    with _pdfjs(modules) as reader:
        yield found | {"pdf.js": reader}


def fooled(pdf: bytes, sealed: bytes, asked: dict[str, Reader]) -> list[str]:
    """Names of those that show something else of ``pdf`` than of ``sealed``."""
    return [name for name, reader in asked.items() if reader(pdf) != _of_sealed(sealed, reader)]


@cache
def _of_sealed(sealed: bytes, reader: Reader) -> Shown:
    return reader(sealed)


def pdfium(pdf: bytes) -> Shown:
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return _REFUSED
    try:
        return tuple(_page(document[index]) for index in range(len(document)))
    except pypdfium2.PdfiumError:
        return _REFUSED
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> Shown:
    text = page.get_textpage().get_text_range()
    return page.get_size(), text, bytes(page.render(scale=0.3, grayscale=True).buffer)


def qpdf(pdf: bytes) -> Shown:
    """The content and the looks of notes, as QPDF finds them, which draws nothing."""
    try:
        with pikepdf.open(BytesIO(pdf), suppress_warnings=True) as opened:
            return tuple(_parts(page) for page in opened.pages)
    except (pikepdf.PdfError, ValueError, TypeError, LookupError, RuntimeError, AttributeError):
        return _REFUSED


def _parts(page: pikepdf.Page) -> Shown:
    contents: Any = page.obj.get("/Contents", [])
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    looks = [note.AP.N for note in page.obj.get("/Annots", []) if "/AP" in note]
    read = [each.read_bytes() for each in (*streams, *looks) if isinstance(each, pikepdf.Stream)]
    return tuple(each for each in read if each)


def poppler(pdf: bytes) -> Shown:
    return (
        _said("pdftotext", "-q", "-", "-", given=pdf),
        _said("pdftoppm", "-q", "-r", _DPI, "-gray", "-", given=pdf),
    )


def mupdf(pdf: bytes) -> Shown:
    with TemporaryDirectory(prefix="hanyin-mupdf-") as folder:
        file = Path(folder) / "letter.pdf"
        file.write_bytes(pdf)
        return (
            _said("mutool", "draw", "-q", "-F", "txt", "-o", "-", str(file)),
            _said("mutool", "draw", "-q", "-F", "pgm", "-r", _DPI, "-o", "-", str(file)),
        )


def _said(*words: str, given: bytes = b"") -> bytes:
    ended = subprocess.run(words, input=given, capture_output=True, timeout=_PATIENCE, check=False)
    return ended.stdout


@contextmanager
def _pdfjs(modules: str) -> Iterator[Reader]:
    with TemporaryDirectory(prefix="hanyin-pdfjs-") as folder:
        file = Path(folder) / "letter.pdf"
        with subprocess.Popen(
            ["node", str(_PDFJS), modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            asking, answering = process.stdin, process.stdout
            assert asking is not None
            assert answering is not None

            def reader(pdf: bytes) -> Shown:
                file.write_bytes(pdf)
                asking.write(f"{file}\n".encode())
                asking.flush()
                return (answering.readline(),)

            yield reader
            asking.close()
