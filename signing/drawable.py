"""What can be pressed on a letter: a seal made from the agency's name, or a registered one."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Raster:
    """A picture as a PDF image takes it: a byte a pixel, each a colour of ``palette``."""

    width: int
    height: int
    #: three bytes a colour, DeviceRGB
    palette: bytes = field(repr=False)
    #: deflated
    pixels: bytes = field(repr=False)


class Drawable(Protocol):
    """A seal that can be drawn: made from the name, or registered."""

    @property
    def diameter(self) -> float:
        """Points."""

    @property
    def radius(self) -> float:
        """Half of it."""

    @property
    def raster(self) -> Raster | None:
        """The picture that ``operators`` call by the name /Seal, where they do."""

    def operators(self) -> bytes:
        """PDF operators that draw it about the origin."""


@dataclass(frozen=True, kw_only=True)
class RegisteredSeal:
    """A seal from a file."""

    diameter: float
    drawing: bytes = field(repr=False)
    raster: Raster | None = None

    @property
    def radius(self) -> float:
        """Half the diameter, in points."""
        return self.diameter / 2

    def operators(self) -> bytes:
        """See ``Drawable.operators``."""
        return self.drawing
