"""The agency's registered seal (备案印模), from PDF, SVG or PNG, drawn instead of the arc.

Multiplied onto the page, white is no ink: what is transparent in the picture becomes white, and
the file needs no transparency beside the blend mode that PDF/A-2b allows (ISO 19005-2, 6.2.10).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Protocol

import pypdfium2
from PIL import Image, UnidentifiedImageError

from schemas.configuration import Agency
from schemas.errors import Misconfigured
from signing.drawing import NotDrawable, drawing_of
from signing.fonts import FontFile
from signing.keyfiles import read
from signing.paths import number
from signing.seal import MM, Seal

_SETTING = "agencies.seal.image_file"
#: dots an inch of a picture in the file; printers of offices have 600
_FINE = 600
#: pixels of the longer side: less is seen as steps on paper; more is no scan of a seal
_LEAST, _MOST = 300, 10_000
#: colours; a seal has one, and its shades
_COLOURS = 256


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


def seal_of(agency: Agency, fonts: Sequence[FontFile]) -> Drawable:
    """The agency's seal: its registered one, else made from its name. Raises ``Misconfigured``."""
    if agency.seal.image_file is None:
        return Seal.of(agency, fonts)
    return registered_seal(Path(agency.seal.image_file), diameter_mm=agency.seal.diameter_mm)


def registered_seal(file: Path, *, diameter_mm: float) -> RegisteredSeal:
    """The seal in ``file``, its longer side ``diameter_mm`` long. Raises ``Misconfigured``."""
    content = read(file, _SETTING)
    diameter = diameter_mm * MM
    if _is_svg(content):
        try:
            return RegisteredSeal(diameter=diameter, drawing=drawing_of(content, diameter))
        except NotDrawable as error:
            raise Misconfigured(
                f"{_SETTING} {file}: {error}; turn text and strokes into filled paths in the"
                " drawing program, or give the seal as PDF or PNG"
            ) from error
    picture = _page(content, file) if content.startswith(b"%PDF-") else _picture(content, file)
    if max(picture.size) < _LEAST:
        raise Misconfigured(
            f"{_SETTING} {file} is {picture.width} × {picture.height} pixels; a seal needs"
            f" {_LEAST} on its longer side, better {_pixels(diameter_mm)}"
        )
    return _rastered(picture, diameter)


def _rastered(picture: Image.Image, diameter: float) -> RegisteredSeal:
    most = _pixels(diameter / MM)
    if max(picture.size) > most:
        scale = most / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    indexed = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
    raster = Raster(
        width=indexed.width,
        height=indexed.height,
        palette=bytes(indexed.getpalette("RGB") or ()),
        pixels=zlib.compress(indexed.tobytes(), 9),
    )
    longer = max(raster.width, raster.height)
    width, height = diameter * raster.width / longer, diameter * raster.height / longer
    place = " ".join(map(number, (width, 0, 0, height, -width / 2, -height / 2)))
    return RegisteredSeal(
        diameter=diameter, drawing=f"q {place} cm /Seal Do Q\n".encode("ascii"), raster=raster
    )


def _picture(content: bytes, file: Path) -> Image.Image:
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as opened:
            if max(opened.size) > _MOST:
                raise Misconfigured(
                    f"{_SETTING} {file} is {opened.width} × {opened.height} pixels; {_MOST} is the"
                    " most that is read"
                )
            return _on_white(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Misconfigured(
            f"{_SETTING} {file} cannot be read; give the seal as PDF, SVG or PNG"
        ) from error


def _page(content: bytes, file: Path) -> Image.Image:
    """The one page of a PDF as a picture."""
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            if len(document) != 1:
                raise Misconfigured(
                    f"{_SETTING} {file} has {len(document)} pages; a seal is a single one"
                )
            page = document[0]
            # the seal fills its page; a page larger than any seal is drawn no finer than needed
            scale = _pixels(45) / max(page.get_size())
            return _on_white(page.render(scale=scale).to_pil())
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise Misconfigured(f"{_SETTING} {file} cannot be read as PDF") from error


def _on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    ground.alpha_composite(picture.convert("RGBA"))
    return ground.convert("RGB")


def _pixels(millimetres: float) -> int:
    return round(millimetres / 25.4 * _FINE)


def _is_svg(content: bytes) -> bool:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in content[:65536]
