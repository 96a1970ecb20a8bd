"""The official seal (公章) as outlines: a ring, a five-pointed star, the name along the arc.

国发〔1999〕25号, art. 13, 14 and 17: round, at most 45 mm, a star in the middle, the name in 宋体
from left to right about it. Lengths are PDF points, the origin is the seal's centre, y goes up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Self

from schemas.configuration import Agency
from schemas.errors import Misconfigured
from signing.fonts import FontFile, Glyph, glyphs_of
from signing.paths import Outline, circle, joined, number, polygon, turned

#: points in a millimetre
MM = 72 / 25.4
#: the red of ink pads, DeviceRGB; PDF/A's output intent (sRGB) gives it its meaning
RED = (0.84, 0.06, 0.09)
#: what an invented agency's seal says below the star
DEMO_MARK = "DEMO"
#: lengths of the name, in characters, that can be set evenly
NAME_LENGTHS = range(4, 31)

# shares of the radius: a seal of 42 mm has a ring of 1.2 mm and a star of 14 mm
_RING = 0.057
_GAP = 0.052
_STAR = 0.333
#: inner to outer radius of a regular five-pointed star
_STAR_WAIST = sin(radians(18)) / sin(radians(54))
#: degrees between the first and the last character, and between two, at most
_WIDEST, _WIDEST_STEP = 262.0, 27.0
#: height of a character as share of the radius: as high as leaves it this much as wide as high
_HIGHEST, _LOWEST, _SLIMMEST = 0.29, 0.2, 0.5
#: share of the circle at the characters' feet that they fill; a glyph's own side bearing adds
_FILLED = 0.98


@dataclass(frozen=True, kw_only=True)
class Seal:
    """A seal ready to be drawn."""

    #: points; the outer edge of the ring
    diameter: float
    outline: Outline

    @property
    def radius(self) -> float:
        """Half the diameter, in points."""
        return self.diameter / 2

    @property
    def raster(self) -> None:
        """It needs no picture: outlines are all."""

    @classmethod
    def of(cls, agency: Agency, fonts: Sequence[FontFile]) -> Self:
        """The seal of ``agency``; that of an invented one says DEMO. Raises ``Misconfigured``."""
        return cls.named(
            agency.seal.name or agency.name,
            diameter_mm=agency.seal.diameter_mm,
            fonts=fonts,
            mark=DEMO_MARK if agency.demo else None,
        )

    @classmethod
    def named(
        cls, name: str, *, diameter_mm: float, fonts: Sequence[FontFile], mark: str | None = None
    ) -> Self:
        """A seal with ``name`` on its arc and ``mark`` below the star. Raises ``Misconfigured``."""
        if len(name) not in NAME_LENGTHS:
            raise Misconfigured(
                f"agencies.seal.name {name!r} 有 {len(name)} 个字；印章容纳 "
                f"{NAME_LENGTHS[0]} 至 {NAME_LENGTHS[-1]} 个",
                f"agencies.seal.name {name!r} has {len(name)} characters; a seal holds"
                f" {NAME_LENGTHS[0]} to {NAME_LENGTHS[-1]}",
            )
        radius = diameter_mm * MM / 2
        glyphs = glyphs_of(name + (mark or ""), fonts)
        parts = [_ring(radius), _star(radius * _STAR)]
        parts += _arc(glyphs[: len(name)], radius)
        parts += _line(glyphs[len(name) :], radius)
        return cls(diameter=radius * 2, outline=joined(parts))

    def operators(self) -> bytes:
        """PDF operators that draw it about the origin: one colour, no font, no transparency."""
        colour = " ".join(map(number, RED))
        return f"q {colour} rg\n{self.outline.pdf()}\nf Q\n".encode("ascii")

    def svg(self) -> str:
        """The seal as a whole SVG picture, for previews."""
        r, d = number(self.radius), number(self.diameter)
        colour = "rgb({})".format(",".join(str(round(part * 255)) for part in RED))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{d}pt" height="{d}pt"'
            f' viewBox="-{r} -{r} {d} {d}">'
            f'<path transform="scale(1,-1)" fill="{colour}" d="{self.outline.svg()}"/></svg>'
        )


def _ring(radius: float) -> Outline:
    return joined([circle(radius), circle(radius * (1 - _RING), clockwise=True)])


def _star(radius: float) -> Outline:
    points = range(10)
    reach = [radius if point % 2 == 0 else radius * _STAR_WAIST for point in points]
    angles = [pi / 2 + point * pi / 5 for point in points]
    return polygon((r * cos(a), r * sin(a)) for r, a in zip(reach, angles, strict=True))


def _arc(glyphs: Sequence[Glyph], radius: float) -> list[Outline]:
    """The name, each character upright on the radius through its middle, evenly from the left."""
    step = min(_WIDEST_STEP, _WIDEST / (len(glyphs) - 1))
    top = radius * (1 - _RING - _GAP)
    height, width = _cell(radius, top, radians(step))
    middle = (len(glyphs) - 1) / 2
    return [
        glyph.outline.placed(
            (width, 0, 0, height, -glyph.advance * width / 2, top - height)
        ).placed(turned((middle - place) * step))
        for place, glyph in enumerate(glyphs)
    ]


def _cell(radius: float, top: float, step: float) -> tuple[float, float]:
    """Height and width of a character: high and slim where there are many."""
    highest, lowest = radius * _HIGHEST, radius * _LOWEST
    # the height at which the room at the feet is _SLIMMEST times the height
    balanced = _FILLED * step * top / (_SLIMMEST + _FILLED * step)
    height = max(lowest, min(highest, balanced))
    return height, min(height * 0.86, _FILLED * step * (top - height))


def _line(glyphs: Sequence[Glyph], radius: float) -> list[Outline]:
    """The mark, on a straight line below the star."""
    size, foot = radius * 0.23, -radius * 0.66
    width = sum(glyph.advance for glyph in glyphs) * size
    placed, left = [], -width / 2
    for glyph in glyphs:
        room = glyph.advance * size
        placed.append(glyph.outline.placed((size, 0, 0, size, left, foot)))
        left += room
    return placed
