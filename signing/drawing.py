"""SVG → PDF operators: filled shapes, as fontTools reads them; what else there is is refused."""

import re
from collections.abc import Iterator
from math import isfinite, radians
from typing import Any

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path.parser import parse_path
from fontTools.svgLib.path.shapes import PathBuilder
from lxml import etree
from PIL import ImageColor

from schemas.sentence import BilingualError
from signing.paths import Outline, Segment, number

_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "polygon", "polyline"})
_GROUPS = frozenset({"svg", "g"})
#: words about the picture; nothing of them is seen
_SILENT = frozenset({"title", "desc", "metadata", "defs", "namedview"})
_INHERITED = ("fill", "fill-rule", "stroke", "display", "visibility")
#: what would be drawn otherwise than here
_EFFECTS = ("opacity", "fill-opacity", "clip-path", "mask", "filter", "class")
_STEP = re.compile(r"\s*(matrix|translate|scale|rotate)\s*\(([^)]*)\)\s*,?")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: lines and curves of a drawing; a seal has some thousand
_MOST_STEPS = 100_000
#: points from the middle, and PDF's own limit for a page (ISO 32000-1, annex C); a seal has 70
_FARTHEST = 14_400


class NotDrawable(BilingualError, ValueError):
    """The drawing holds what is not drawn here; the message says what."""


def drawing_of(svg: bytes, size: float) -> bytes:
    """Operators that draw ``svg`` about the origin, its longer side ``size`` points long.

    Raises ``NotDrawable``.
    """
    root = _root(svg)
    left, top, width, height = _view(root)
    scale = size / max(width, height)
    # SVG's y goes down
    place = Transform(scale, 0, 0, -scale, 0, 0).translate(-left - width / 2, -top - height / 2)
    pieces = list(_Drawing().pieces(root, place, dict.fromkeys(_INHERITED, "")))
    if not pieces:
        raise NotDrawable("没有填充的图形", "it has no filled shape")
    return b"q\n" + b"".join(pieces) + b"Q\n"


def _root(svg: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(svg, parser)
    except etree.XMLSyntaxError as error:
        raise NotDrawable("不是合格的 XML", "it is not well-formed XML") from error
    if root.getroottree().docinfo.doctype:
        # entities bring in files; drawing programs write it for no reason, and editors remove it
        raise NotDrawable(
            "声明了文档类型（<!DOCTYPE>）", "it declares a document type (<!DOCTYPE>)"
        )
    return root


def _view(root: Any) -> tuple[float, float, float, float]:
    named = root.get("viewBox")
    if named is None:
        sides = [_NUMBER.match(root.get(side, "")) for side in ("width", "height")]
        named = "0 0 " + " ".join(found[0] for found in sides if found)
    numbers = [float(found) for found in _NUMBER.findall(named)]
    if len(numbers) != 4 or min(numbers[2:]) <= 0:  # noqa: PLR2004 -- left, top, width, height
        raise NotDrawable(
            "既没有 viewBox，也没有宽和高", "it has neither a viewBox nor a width and a height"
        )
    if not all(map(isfinite, numbers)):
        raise NotDrawable(
            "viewBox 中有不是有限数的数", "it has a viewBox with a number that is not finite"
        )
    left, top, width, height = numbers
    return left, top, width, height


class _Drawing:
    """Walks a drawing; what all its shapes take together is bounded."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS

    def pieces(self, element: Any, place: Transform, inherited: dict[str, str]) -> Iterator[bytes]:
        """The operators of ``element`` and all in it."""
        if not isinstance(element.tag, str):
            return  # a comment
        name = etree.QName(element).localname.lower()
        if name in _SILENT:
            return
        if name not in _SHAPES | _GROUPS:
            raise NotDrawable(f"含有 <{name}>", f"it has a <{name}>")
        style = inherited | _style(element)
        # taken off: fontTools knows matrices only
        own = place.transform(_transform(element.attrib.pop("transform", "")))
        if style["display"] == "none" or style["visibility"] == "hidden":
            return
        if name in _GROUPS:
            for child in element:
                yield from self.pieces(child, own, style)
        elif style["fill"] != "none":
            yield self._shape(element, own, style)

    def _shape(self, element: Any, place: Transform, style: dict[str, str]) -> bytes:
        builder, pen = PathBuilder(), _Pen(self._left)
        try:
            builder.add_path_from_element(element)
            for path in builder.paths:
                parse_path(path, TransformPen(pen, place))
            colour = ImageColor.getrgb(style["fill"] or "black")[:3]
        except NotDrawable:
            raise
        except (ValueError, TypeError, IndexError, AssertionError, ArithmeticError) as error:
            raise NotDrawable(
                "其中有无法读取的图形或颜色", "a shape or a colour in it cannot be read"
            ) from error
        self._left -= len(pen.segments)
        rule = "f*" if style["fill-rule"] == "evenodd" else "f"
        shade = " ".join(number(part / 255) for part in colour)
        outline = Outline(segments=tuple(pen.segments)).pdf()
        return f"{shade} rg\n{outline}\n{rule}\n".encode("ascii")


def _style(element: Any) -> dict[str, str]:
    pairs = dict(element.attrib)
    for entry in element.get("style", "").split(";"):
        name, _, value = entry.partition(":")
        pairs[name.strip()] = value.strip()
    for name in _EFFECTS:
        if pairs.get(name, "1") not in {"1", "1.0", "none", ""}:
            raise NotDrawable(f"含有 {name}", f"it has {name}")
    if pairs.get("stroke", "none") != "none":
        raise NotDrawable("含有描边", "it has a stroke")
    return {name: pairs[name] for name in _INHERITED if name in pairs}


def _transform(text: str) -> Transform:
    found, end = Identity, 0
    for step in _STEP.finditer(text):
        numbers = [float(value) for value in _NUMBER.findall(step[2])]
        if step.start() != end:
            break
        if not all(map(isfinite, numbers)):
            raise NotDrawable(
                "变换中有不是有限数的数", "it has a transform with a number that is not finite"
            )
        found, end = _stepped(found, step[1], numbers), step.end()
    if end != len(text.rstrip()) and text.strip():
        raise NotDrawable(f"含有变换 {text[:40]!r}", f"it has the transform {text[:40]!r}")
    return found


def _stepped(before: Transform, name: str, numbers: list[float]) -> Transform:
    match name, numbers:
        case "matrix", [_, _, _, _, _, _]:
            return before.transform(tuple(numbers))
        case "translate", [x, *rest]:
            return before.translate(x, *rest)
        case "scale", [x, *rest]:
            return before.scale(x, *(rest or [x]))
        case "rotate", [degrees]:
            return before.rotate(radians(degrees))
        case "rotate", [degrees, x, y]:
            return before.translate(x, y).rotate(radians(degrees)).translate(-x, -y)
    raise NotDrawable(
        f"变换 {name} 有 {len(numbers)} 个数",
        f"it has the transform {name} with {len(numbers)} numbers",
    )


class _Pen(BasePen):  # type: ignore[misc]  # fontTools has no type information
    """Takes paths down; what is open is closed, as filling does."""

    def __init__(self, most: int) -> None:
        super().__init__(None)
        self._most = most
        self.segments: list[Segment] = []

    def _put(self, name: str, *points: tuple[float, float]) -> None:
        if len(self.segments) >= self._most:
            raise NotDrawable(f"超过 {_MOST_STEPS} 个点", f"it has more than {_MOST_STEPS} points")
        values = tuple(value for point in points for value in point)
        # a number that is none (infinite, not a number) is no smaller than anything
        if not all(abs(value) <= _FARTHEST for value in values):
            raise NotDrawable(
                "有一点不是有限数，或远在图外",
                "a point of it is not finite, or far outside the drawing",
            )
        self.segments.append((name, values))

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._put("m", point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._put("l", point)

    def _curveToOne(  # noqa: N802
        self, first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]
    ) -> None:
        self._put("c", first, second, end)

    def _closePath(self) -> None:  # noqa: N802
        self._put("h")

    def _endPath(self) -> None:  # noqa: N802
        self._put("h")
