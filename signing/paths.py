"""Outlines made of lines and cubic curves, written as PDF operators or SVG path data."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, isfinite, radians, sin
from typing import Self

#: one step of an outline: m (move), l (line), c (curve), h (close), with its coordinates
Segment = tuple[str, tuple[float, ...]]
#: a b c d e f, as PDF's cm takes them
Matrix = tuple[float, float, float, float, float, float]

#: control point of a quarter circle of radius 1, as a cubic curve (error below 0.03 %)
_QUARTER = 0.5522847498


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A filled shape; inside is where the winding number is not zero."""

    segments: tuple[Segment, ...]

    def placed(self, matrix: Matrix) -> Self:
        """The same shape after ``matrix``."""
        return type(self)(
            segments=tuple((name, _through(matrix, points)) for name, points in self.segments)
        )

    def pdf(self) -> str:
        """Path construction operators (ISO 32000-1, 8.5.2); painting is the caller's."""
        return "\n".join(" ".join((*map(number, points), name)) for name, points in self.segments)

    def svg(self) -> str:
        """Path data for an SVG ``d`` attribute, y upwards as in PDF."""
        letters = {"m": "M", "l": "L", "c": "C", "h": "Z"}
        return " ".join(
            letters[name] + " ".join(map(number, points)) for name, points in self.segments
        )


def joined(outlines: Iterable[Outline]) -> Outline:
    """All the shapes as one."""
    return Outline(segments=tuple(step for outline in outlines for step in outline.segments))


def polygon(corners: Iterable[tuple[float, float]]) -> Outline:
    """The closed shape with these corners."""
    first, *rest = corners
    steps: list[Segment] = [("m", first), *(("l", corner) for corner in rest), ("h", ())]
    return Outline(segments=tuple(steps))


def circle(radius: float, *, clockwise: bool = False) -> Outline:
    """A circle about the origin; one drawn clockwise within another cuts a hole."""
    r, k = radius, radius * _QUARTER
    turn = -1.0 if clockwise else 1.0
    quarters: list[tuple[float, ...]] = [
        (r, k, k, r, 0, r),
        (-k, r, -r, k, -r, 0),
        (-r, -k, -k, -r, 0, -r),
        (k, -r, r, -k, r, 0),
    ]
    steps: list[Segment] = [("m", (r, 0.0))]
    steps += [("c", _mirrored(points, turn)) for points in quarters]
    return Outline(segments=(*steps, ("h", ())))


def turned(degrees: float) -> Matrix:
    """The matrix that turns counter-clockwise about the origin."""
    angle = radians(degrees)
    return (cos(angle), sin(angle), -sin(angle), cos(angle), 0.0, 0.0)


def number(value: float) -> str:
    """``value`` with at most three decimals (0.35 µm in points), never in exponent form.

    Raises ValueError for an infinite one, and for what is no number: PDF has neither.
    """
    if not isfinite(value):
        raise ValueError(f"{value} cannot be written into a PDF")
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _mirrored(points: tuple[float, ...], turn: float) -> tuple[float, ...]:
    return tuple(value * (turn if place % 2 else 1.0) for place, value in enumerate(points))


def _through(matrix: Matrix, points: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = matrix
    pairs = zip(points[::2], points[1::2], strict=True)
    return tuple(value for x, y in pairs for value in (a * x + c * y + e, b * x + d * y + f))
