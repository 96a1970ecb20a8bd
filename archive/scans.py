"""Scans of paper: what a file that somebody brings is, told from its bytes and never from its name.

A file is looked at, nothing in it is executed: a PDF's pages are counted, a picture is decoded
once, so that one that is cut off is found while the paper is still at hand.
"""

import io
import re
import unicodedata
import warnings
from dataclasses import dataclass

from PIL import Image

from schemas.codes import Problem
from schemas.errors import Invalid
from schemas.text import hidden_fault

#: bytes that every PDF begins with (ISO 32000-1, 7.5.2)
_PDF = b"%PDF-"
#: pixels of one page, at most: A3 at 600 dots an inch has 70 million
_PIXELS = 100_000_000
#: pages of one file, at most; a picture of each is decoded
_PAGES = 500
#: Pillow's names of what scanners write, and their media types
_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "TIFF": "image/tiff"}
#: characters of a file's name that are kept
_NAME_LENGTH = 100
_POINTER = "/file"


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a file turned out to be."""

    media_type: str
    pages: int


def examine(content: bytes, *, limit: int) -> Scan:
    """What ``content`` is. Raises ``Invalid``.

    scan_too_large where it has more than ``limit`` bytes; scan_type_unknown where it is neither
    PDF nor PNG, JPEG or TIFF; scan_unreadable where it says that it is one and is not.
    """
    if len(content) > limit:
        raise Invalid([Problem.of(_POINTER, "scan_too_large", size=len(content), limit=limit)])
    if content.startswith(_PDF):
        return Scan(media_type="application/pdf", pages=_pages_of_pdf(content))
    return _picture(content)


def cleaned(name: str) -> str | None:
    """A file's own name, safe to keep and to show; None where nothing is left of it.

    Without folders of any system, without characters that are not seen or turn the line about,
    and no longer than an archive's list can show.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = unicodedata.normalize("NFC", last.encode("utf-8", "ignore").decode())
    seen = "".join(character for character in plain if hidden_fault(character) is None)
    return seen.strip(" .")[:_NAME_LENGTH] or None


def _pages_of_pdf(content: bytes) -> int:
    from pypdf import PdfReader  # noqa: PLC0415 -- slow to load, and few commands read scans

    try:
        reader = PdfReader(io.BytesIO(content))
        pages = 0 if reader.is_encrypted else len(reader.pages)
    except Exception as error:
        raise _unreadable("application/pdf") from error
    if not 0 < pages <= _PAGES:
        raise _unreadable("application/pdf")
    return pages


def _picture(content: bytes) -> Scan:
    with warnings.catch_warnings():
        # scanners write odd tags, which Pillow warns of; what would fill the memory is refused
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = _opened(content)
        media_type = _PICTURES[str(picture.format)]
        try:
            return Scan(media_type=media_type, pages=_decoded(picture, media_type))
        except Exception as error:
            raise _unreadable(media_type) from error


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _unreadable("image") from error
    except Exception as error:
        raise Invalid([Problem.of(_POINTER, "scan_type_unknown")]) from error


def _decoded(picture: Image.Image, media_type: str) -> int:
    """How many pages the picture has; each was decoded to its last line."""
    pages = int(getattr(picture, "n_frames", 1)) if media_type == "image/tiff" else 1
    if pages > _PAGES:
        raise ValueError("more pages than a scan has")
    for page in range(pages):
        picture.seek(page)
        if picture.width * picture.height > _PIXELS:
            raise ValueError("more pixels than a page has")
        picture.load()
    return pages


def _unreadable(media_type: str) -> Invalid:
    return Invalid([Problem.of(_POINTER, "scan_unreadable", media_type=media_type)])
