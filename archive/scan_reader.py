"""The process that reads a scan: bounded, and of no use to whoever breaks it.

Started by ``archive.scans``. The file on standard input; on standard output a line of JSON,
{media_type, pages} or {problem}.
"""

import io
import json
import logging
import sys
import warnings
from dataclasses import asdict

import pikepdf
from PIL import Image

from archive.active import active_content
from schemas.codes import Problem
from schemas.confinement import confine
from schemas.errors import Invalid

#: bytes that every PDF begins with (ISO 32000-1, 7.5.2)
_PDF = b"%PDF-"
#: pixels of one page, at most: A3 at 600 dots an inch has 70 million
_PIXELS = 100_000_000
#: pages of one file, at most; a picture of each is decoded
_PAGES = 500
#: Pillow's names of what scanners write, and their media types
_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "TIFF": "image/tiff"}
_POINTER = "/file"


def main(memory: int, seconds: int) -> None:
    """Writes what the file on standard input is."""
    logging.disable(logging.CRITICAL)
    content = sys.stdin.buffer.read()
    confine(memory, seconds)
    try:
        media_type, pages = read(content)
        answer: dict[str, object] = {"media_type": media_type, "pages": pages}
    except Invalid as error:
        answer = {"problem": asdict(error.problems[0])}
    sys.stdout.write(json.dumps(answer))


def read(content: bytes) -> tuple[str, int]:
    """Media type and number of pages. Raises ``Invalid``: see ``archive.scans.examine``."""
    if content.startswith(_PDF):
        return "application/pdf", _pages_of_pdf(content)
    return _picture(content)


def _pages_of_pdf(content: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages, active = len(pdf.pages), active_content(content, pdf)
            large = any(map(_is_large, pdf.objects))
    except MemoryError:
        raise
    except Exception as error:
        raise _unreadable("application/pdf") from error
    if active is not None:
        raise Invalid([Problem.of(_POINTER, "scan_active", what=active)])
    if not 0 < pages <= _PAGES or large:
        raise _unreadable("application/pdf")
    return pages


def _is_large(value: object) -> bool:
    if not isinstance(value, pikepdf.Stream) or value.get("/Subtype") != "/Image":
        return False
    return int(value.get("/Width", 0)) * int(value.get("/Height", 0)) > _PIXELS


def _picture(content: bytes) -> tuple[str, int]:
    with warnings.catch_warnings():
        # scanners write odd tags, which Pillow warns of; what would fill the memory is refused
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = _opened(content)
        media_type = _PICTURES[str(picture.format)]
        try:
            return media_type, _decoded(picture, media_type)
        except MemoryError:
            raise
        except Exception as error:
            raise _unreadable(media_type) from error


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _unreadable("image") from error
    except MemoryError:
        raise
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


if __name__ == "__main__":
    main(memory=int(sys.argv[1]), seconds=int(sys.argv[2]))
