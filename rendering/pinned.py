"""Fonts by their digests: the same data gives the same bytes where the fonts are the same."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from rendering.fonts import font_files

#: as ``sha256sum`` writes it: the free faces, and the fonts for rare characters of Debian 12
_LIST = Path(__file__).with_name("fonts.sha256")


def pinned_fonts() -> Mapping[str, str]:
    """The names of font files with the SHA-256 that this version was tried with."""
    lines = _LIST.read_text(encoding="ascii").split("\n")
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines if line)}


def other_fonts(configuration: Path) -> list[str]:
    """The names of offered files that are pinned and have other bytes, sorted."""
    pinned = pinned_fonts()
    offered = {file.resolve() for found in font_files(configuration).values() for file in found}
    return sorted(
        file.name for file in offered if file.name in pinned and _digest(file) != pinned[file.name]
    )


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
