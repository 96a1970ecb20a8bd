"""The process that reads an agency's registered seal: bounded, started by ``signing.registered``.

PDF, SVG or PNG on standard input; on standard output a line of JSON, {drawing, raster} or {fault}.

Multiplied onto the page, white is no ink: what is transparent in the picture becomes white, and
the file needs no transparency beside the blend mode that PDF/A-2b allows (ISO 19005-2, 6.2.10).
"""

import json
import logging
import sys
import zlib
from base64 import b64encode
from io import BytesIO

import pypdfium2
from PIL import Image, UnidentifiedImageError

from schemas.confinement import confine
from schemas.sentence import BilingualError
from signing.drawable import Raster, RegisteredSeal
from signing.drawing import NotDrawable, drawing_of
from signing.paths import number

#: dots of a picture in the file, for each point; printers of offices have 600 an inch
_FINE = 600 / 72
#: points of the largest seal, 45 mm: a PDF's page is drawn that large
_LARGEST = 128
#: pixels of the longer side: less is seen as steps on paper
_LEAST = 300
#: pixels: a seal of 50 mm at 1200 dots an inch has six million
_MOST = 16_000_000
#: colours; a seal has one, and its shades
_COLOURS = 256


class NotASeal(BilingualError):
    """The file is no seal; the message goes on behind the file's name."""


def main(memory: int, seconds: int, diameter: float) -> None:
    """Writes the seal on standard input, its longer side ``diameter`` points long."""
    logging.disable(logging.CRITICAL)
    content = sys.stdin.buffer.read()
    confine(memory, seconds)
    try:
        answer = _told(seal_in(content, diameter))
    except NotASeal as error:
        answer = {"fault": [error.sentence.zh, error.sentence.en]}
    sys.stdout.write(json.dumps(answer))


def seal_in(content: bytes, diameter: float) -> RegisteredSeal:
    """The seal that ``content`` is. Raises ``NotASeal``."""
    if _is_svg(content):
        try:
            return RegisteredSeal(diameter=diameter, drawing=drawing_of(content, diameter))
        except NotDrawable as error:
            raise NotASeal(
                f"无法绘制：{error.sentence.zh}；请在绘图程序中把文字和描边转为"
                "填充路径，或改给 PDF、PNG",
                f"cannot be drawn: {error.sentence.en}; turn text and strokes into filled paths in"
                " the drawing program, or give the seal as PDF or PNG",
            ) from error
    picture = _page(content) if content.startswith(b"%PDF-") else _picture(content)
    if max(picture.size) < _LEAST:
        raise NotASeal(
            f"为 {picture.width} × {picture.height} 像素；印章的长边需要 "
            f"{_LEAST}，最好 {_pixels(diameter)}",
            f"is {picture.width} × {picture.height} pixels; a seal needs {_LEAST} on its longer"
            f" side, better {_pixels(diameter)}",
        )
    return _rastered(picture, diameter)


def _told(seal: RegisteredSeal) -> dict[str, object]:
    raster = seal.raster
    return {
        "drawing": b64encode(seal.drawing).decode("ascii"),
        "raster": raster
        and {
            "width": raster.width,
            "height": raster.height,
            "palette": b64encode(raster.palette).decode("ascii"),
            "pixels": b64encode(raster.pixels).decode("ascii"),
        },
    }


def _rastered(picture: Image.Image, diameter: float) -> RegisteredSeal:
    most = _pixels(diameter)
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


def _picture(content: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as opened:
            _require_few(*opened.size)
            return _on_white(opened)
    except Image.DecompressionBombError as error:
        raise NotASeal(
            f"像素过多；最多读取 {_MOST}", f"has too many pixels; {_MOST} are the most that is read"
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotASeal(
            "无法读取；请给 PDF、SVG 或 PNG", "cannot be read; give the seal as PDF, SVG or PNG"
        ) from error


def _require_few(width: int, height: int) -> None:
    if width * height > _MOST:
        raise NotASeal(
            f"为 {width} × {height} 像素；最多读取 {_MOST}，每边 {_pixels(_LARGEST)} 已足够",
            f"is {width} × {height} pixels; {_MOST} in all are the most that is read, and"
            f" {_pixels(_LARGEST)} on a side enough",
        )


def _page(content: bytes) -> Image.Image:
    """The one page of a PDF as a picture."""
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            if len(document) != 1:
                raise NotASeal(
                    f"有 {len(document)} 页；印章只有一页",
                    f"has {len(document)} pages; a seal is a single one",
                )
            page = document[0]
            # the seal fills its page; a page larger than any seal is drawn no finer than needed
            scale = _pixels(_LARGEST) / max(page.get_size())
            return _on_white(page.render(scale=scale).to_pil())
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ZeroDivisionError, OverflowError) as error:
        raise NotASeal("不能作为 PDF 读取", "cannot be read as PDF") from error


def _on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    ground.alpha_composite(picture.convert("RGBA"))
    return ground.convert("RGB")


def _pixels(points: float) -> int:
    return round(points * _FINE)


def _is_svg(content: bytes) -> bool:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in content[:65536]


if __name__ == "__main__":
    main(memory=int(sys.argv[1]), seconds=int(sys.argv[2]), diameter=float(sys.argv[3]))
