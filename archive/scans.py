"""Scans of paper: what a file that somebody brings is, told from its bytes and never from its name.

A file is looked at, nothing in it is executed: a PDF's pages are counted, a picture is decoded
once, so that one that is cut off is found while the paper is still at hand.
"""

import json
import re
import unicodedata
from dataclasses import dataclass

from schemas.codes import Problem
from schemas.confinement import Bounds, confined
from schemas.errors import Invalid
from schemas.text import hidden_fault

#: a few hundred coloured pages take a minute and a half
_BOUNDS = Bounds(seconds=120)
#: characters of a file's name that are kept
_NAME_LENGTH = 100
_POINTER = "/file"


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a file turned out to be."""

    media_type: str
    pages: int


def examine(content: bytes, *, limit: int, bounds: Bounds = _BOUNDS) -> Scan:
    """What ``content`` is. Raises ``Invalid``.

    scan_too_large where it has more than ``limit`` bytes; scan_type_unknown where it is neither
    PDF nor PNG, JPEG or TIFF; scan_unreadable where it says that it is one and is not;
    scan_active where it holds scripts, links, forms or files; scan_too_demanding where reading
    it took more than ``bounds``.
    """
    if len(content) > limit:
        raise Invalid([Problem.of(_POINTER, "scan_too_large", size=len(content), limit=limit)])
    answer = confined("archive.scan_reader", content, bounds=bounds)
    if answer is None:
        raise Invalid([Problem.of(_POINTER, "scan_too_demanding", seconds=bounds.seconds)])
    found = json.loads(answer)
    if "problem" in found:
        raise Invalid([Problem(**found["problem"])])
    return Scan(**found)


def cleaned(name: str) -> str | None:
    """A file's own name, safe to keep and to show; None where nothing is left of it.

    Without folders of any system, without characters that are not seen or turn the line about,
    and no longer than an archive's list can show.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = unicodedata.normalize("NFC", last.encode("utf-8", "ignore").decode())
    seen = "".join(character for character in plain if hidden_fault(character) is None)
    return seen.strip(" .")[:_NAME_LENGTH] or None
