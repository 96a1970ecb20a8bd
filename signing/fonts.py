"""Glyph outlines of the seal's font, read from the font file; nothing is embedded as a font."""

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uharfbuzz
from fontTools.pens.basePen import BasePen

from schemas.errors import Misconfigured
from signing.paths import Outline, Segment

#: 宋体 for seals (国发〔1999〕25号, art. 17), in the order of preference; fontconfig names
SONG_FAMILIES = (
    "FandolSong:bold",
    "Noto Serif CJK SC:bold",
    "Source Han Serif SC:bold",
    "SimSun",
    "Noto Serif CJK SC",
    "HanaMinA",
    "HanaMinB",
)


@dataclass(frozen=True, kw_only=True)
class Glyph:
    """One character's outline in a square of side 1 with its lower left corner at the origin."""

    outline: Outline
    #: how far the next character stands off; 1 for a Chinese character
    advance: float


@dataclass(frozen=True)
class FontFile:
    """A font on this machine."""

    path: Path
    #: place in a collection (.ttc); 0 in a single font
    index: int = 0

    def glyphs(self, characters: Iterable[str]) -> dict[str, Glyph]:
        """The outlines of those ``characters`` that the font has. Raises ``Misconfigured``."""
        face = self._face()
        font = uharfbuzz.Font(face)
        places = {c: font.get_nominal_glyph(ord(c)) for c in characters}
        return {c: _glyph(font, place, face.upem) for c, place in places.items() if place}

    def _face(self) -> uharfbuzz.Face:
        try:
            face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(self.path)), self.index)
        except uharfbuzz.HarfBuzzError as error:
            raise self._unreadable() from error
        # what is no font is one without glyphs
        if not face.glyph_count:
            raise self._unreadable()
        return face

    def _unreadable(self) -> Misconfigured:
        return Misconfigured(
            f"印章的字体文件 {self.path} 无法读取；请重新安装该字体，或另指一个",
            f"the font file {self.path} of the seal cannot be read; install the font anew or name"
            " another one",
        )


def _glyph(font: uharfbuzz.Font, place: int, em: int) -> Glyph:
    pen = _Pen(None)
    font.draw_glyph_with_pen(place, pen)
    # the ideographic em box of CJK fonts stands 0.12 em below the baseline
    square = Outline(segments=tuple(pen.segments)).placed((1 / em, 0, 0, 1 / em, 0, 0.12))
    return Glyph(outline=square, advance=font.get_glyph_h_advance(place) / em)


class _Pen(BasePen):  # type: ignore[misc]  # fontTools has no type information
    """Takes an outline down; BasePen turns TrueType's quadratic curves into cubic ones."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.segments: list[Segment] = []
        self._start: tuple[float, ...] = ()

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._start = tuple(point)
        self.segments.append(("m", tuple(point)))

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.segments.append(("l", tuple(point)))

    def _curveToOne(  # noqa: N802
        self, first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]
    ) -> None:
        self.segments.append(("c", (*first, *second, *end)))

    def _closePath(self) -> None:  # noqa: N802
        # closing draws the last line by itself
        if self.segments[-1] == ("l", self._start):
            self.segments.pop()
        self.segments.append(("h", ()))


def find_fonts(families: Sequence[str] = SONG_FAMILIES) -> tuple[FontFile, ...]:
    """The installed ones of ``families`` (fontconfig patterns), in their order.

    Raises ``Misconfigured`` where none is installed.
    """
    found = tuple(font for family in families for font in _installed(family))
    if not found:
        raise Misconfigured(
            f"没有安装印章可用的字体：{', '.join(families)}；请安装其中之一"
            "（Debian：fonts-noto-cjk），或运行 make setup",
            f"none of the seal's fonts is installed: {', '.join(families)}; install one of them"
            " (Debian: fonts-noto-cjk) or run `make setup`",
        )
    return found


def glyphs_of(text: str, fonts: Sequence[FontFile]) -> tuple[Glyph, ...]:
    """An outline for each character, from the first font that has it.

    Raises ``Misconfigured`` that names the characters that no font has.
    """
    found: dict[str, Glyph] = {}
    for font in fonts:
        missing = [character for character in dict.fromkeys(text) if character not in found]
        if not missing:
            break
        found |= font.glyphs(missing)
    lacking = "".join(character for character in dict.fromkeys(text) if character not in found)
    if lacking:
        raise Misconfigured(
            f"没有一种印章字体含有 {text!r} 中的 {lacking!r}；请安装含有这些"
            "字的宋体，或设置 agencies.seal.name",
            f"no font for the seal has the characters {lacking!r} of {text!r}; install a Song font"
            " that has them, or set agencies.seal.name",
        )
    return tuple(found[character] for character in text)


def _installed(family: str) -> list[FontFile]:
    try:
        answer = subprocess.run(
            ["fc-list", family, "--format", "%{file}\t%{index}\n"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Misconfigured(
            "fontconfig 的 fc-list 不能运行，找不到印章的字体；请安装 fontconfig",
            "fontconfig's fc-list does not run, so the seal's font cannot be found; install"
            " fontconfig",
        ) from error
    # a variable font's named instances have the face's number in the lower 16 bits
    rows = (line.split("\t") for line in sorted(answer.stdout.splitlines()))
    return [FontFile(Path(path), int(index) & 0xFFFF) for path, index in rows][:1]
