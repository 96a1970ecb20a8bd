"""A table of Word as Typst: rows as data, which the prelude's ``grid-of`` lays out."""

from collections.abc import Callable, Mapping

from lxml import etree

from rendering.typst.borders import NO_BORDER, Border, border_of
from rendering.typst.literals import arguments, names, number, points, string, twips
from rendering.typst.properties import is_on, local, shading
from rendering.typst.styles import Styles
from rendering.typst.unsupported import UnknownConstructError
from templates.word import W

_OUTER = ("top", "bottom", "left", "right")
_INNER = ("insideH", "insideV")
_RENAMED = {"start": "left", "end": "right"}
_VERTICAL = {"top": "top", "center": "horizon", "bottom": "bottom", "both": "top"}
_AT_LEFT = {"left", "start"}
_PLACES = {"left": "left", "start": "left", "center": "center", "right": "right", "end": "right"}
#: of the screen, of Word's own layout of columns, of bands in styles
_TABLE_IGNORED = names(
    "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption"
    " tblDescription tblOverlap tblStyleRowBandSize tblStyleColBandSize"
)
_ROW_IGNORED = names("tblW tblLayout tblLook")
_CELL_KNOWN = names("tcW gridSpan vMerge tcBorders shd vAlign tcMar noWrap hideMark cnfStyle")
#: points between a cell's side and its text where nothing says so (17.4.41: 115 twips)
_MARGIN = 5.4

#: what is compiled of the blocks of a cell
Blocks = Callable[[etree._Element], list[str]]  # noqa: SLF001 -- lxml's only name for it


class TableCompiler:
    """Compiles one table."""

    def __init__(
        self,
        table: etree._Element,
        styles: Styles,
        blocks: Blocks,
        *,
        key: str,
        room: str,
        hangs: bool,
    ) -> None:
        """``key``: its name among the tables of the file; ``room``: what a page's text has.

        ``hangs``: its first column's text begins where the text around it does.
        """
        self._table, self._styles, self._blocks = table, styles, blocks
        self._key, self._room, self._hangs = key, room, hangs
        found = table.find(f"{W}tblPr")
        self._own = found if found is not None else etree.Element(f"{W}tblPr")
        named = self._own.find(f"{W}tblStyle")
        self.style: str = "" if named is None else named.get(f"{W}val") or ""
        self._borders = self._read_borders()
        self._margins = self._read_margins()
        #: those of the row that is compiled
        self._row_margins: dict[str, float] = {}

    def opening(self) -> str:
        """The call up to its rows. Raises ``UnknownConstructError``."""
        for each in self._own:
            if local(each) not in _TABLE_IGNORED:
                raise UnknownConstructError(f"w:{local(each)}")
        if any(each.tag == f"{W}tblStylePr" and len(each) for each in self._style_parts()):
            raise UnknownConstructError(f"w:tblStylePr in {self.style}")
        widths = [twips(each.get(f"{W}w")) for each in self._table.iterfind(f"{W}tblGrid/*")]
        if not widths or not all(widths):
            raise UnknownConstructError("w:tblGrid without widths")
        said = {
            "key": string(self._key),
            "edges": self._edges(),
            "inset": self._inset(self._margins),
            "gap": points(self.gap),
            **self._placed(),
            "room": self._room,
        }
        columns = "".join(f"{points(width)}," for width in widths)
        return f"grid-of(({columns}), {arguments(said)}, {{"

    @property
    def gap(self) -> float:
        """Points of a line above each row, which its height includes."""
        # LibreOffice gives each cell its borders and the table none
        cells = (_borders(each) for each in self._table.iter(f"{W}tcBorders"))
        widths = (border.width for each in (self._borders, *cells) for border in each.values())
        return max(widths, default=0.0)

    def enter(self, row: etree._Element) -> None:
        """The cells that follow are of ``row``, which may differ from its table (17.4.61)."""
        self._row_margins = {}
        own = row.find(f"{W}tblPrEx")
        for each in own if own is not None else ():
            name = local(each)
            if name == "tblCellMar":
                margins = _margins(each)
                self._row_margins = {} if margins.items() <= self._margins.items() else margins
            elif name not in _ROW_IGNORED and not self._says_so_too(each):
                raise UnknownConstructError(f"w:tblPrEx {name}")

    def _says_so_too(self, of_row: etree._Element) -> bool:
        """WPS repeats what is the table's in each of its rows."""
        if local(of_row) == "tblBorders":
            return _borders(of_row).items() <= self._borders.items()
        own = self._own.find(of_row.tag)
        return own is not None and dict(own.attrib) == dict(of_row.attrib)

    def row(self, row: etree._Element, cells: list[str], *, keeps: bool) -> list[str]:
        """The row with its cells, already compiled."""
        said = {"header": "false", "whole": "false", "height": "0pt", "exact": "false"}
        found = row.find(f"{W}trPr")
        for each in found if found is not None else ():
            match local(each):
                case "cantSplit":
                    said["whole"] = "true" if is_on(each) else "false"
                case "tblHeader":
                    said["header"] = "true" if is_on(each) else "false"
                case "trHeight":
                    said["height"] = points(twips(each.get(f"{W}val")))
                    said["exact"] = "true" if each.get(f"{W}hRule") == "exact" else "false"
                case "cnfStyle" | "hidden" | "jc":
                    pass
                case other:
                    raise UnknownConstructError(f"w:{other}")
        said["next"] = "true" if keeps else "false"
        return ["((cells: {", *cells, f"}}, {arguments(said)}),)"]

    def cell(self, cell: etree._Element) -> list[str]:
        """A cell of a row."""
        found = cell.find(f"{W}tcPr")
        own = found if found is not None else etree.Element(f"{W}tcPr")
        for each in own:
            if local(each) not in _CELL_KNOWN:
                raise UnknownConstructError(f"w:{local(each)}")
        span, merge = own.find(f"{W}gridSpan"), own.find(f"{W}vMerge")
        goes_on = merge is not None and merge.get(f"{W}val") != "restart"
        said = {
            "span": "1" if span is None else str(int(number(span.get(f"{W}val"), 1))),
            "merge": string("none" if merge is None else "go" if goes_on else "start"),
            "looks": f"({arguments(self._looks(own)) or ':'})",
        }
        return [
            f"(({arguments(said)}, items: {{",
            *self._blocks(cell),
            "}),)",
        ]

    def _looks(self, own: etree._Element) -> dict[str, str | None]:
        vertical, fill = own.find(f"{W}vAlign"), own.find(f"{W}shd")
        borders, margins = own.find(f"{W}tcBorders"), own.find(f"{W}tcMar")
        said = "top" if vertical is None else vertical.get(f"{W}val") or "top"
        if said not in _VERTICAL:
            raise UnknownConstructError(f"w:vAlign {said}")
        strokes = _borders(borders)
        drawn = {side: strokes[side].stroke for side in _OUTER if side in strokes}
        inside = None
        if margins is not None or self._row_margins:
            inside = self._inset({**self._margins, **self._row_margins, **_margins(margins)})
        return {
            "align": _VERTICAL[said],
            "fill": None if fill is None else shading(fill),
            "stroke": f"({arguments(drawn)})" if drawn else None,
            "inset": inside,
        }

    def _style_parts(self) -> list[etree._Element]:
        return [part for each in self._styles.chain(self.style, "table") for part in each]

    def _read_borders(self) -> dict[str, Border]:
        read: dict[str, Border] = {}
        for style in self._styles.chain(self.style, "table"):
            read.update(_borders(style.find(f"{W}tblPr/{W}tblBorders")))
        read.update(_borders(self._own.find(f"{W}tblBorders")))
        return read

    def _read_margins(self) -> dict[str, float]:
        read = {"left": _MARGIN, "right": _MARGIN, "top": 0.0, "bottom": 0.0}
        for style in self._styles.chain(self.style, "table"):
            read.update(_margins(style.find(f"{W}tblPr/{W}tblCellMar")))
        return read | _margins(self._own.find(f"{W}tblCellMar"))

    def _edges(self) -> str:
        sides = {
            side: self._borders.get(side, NO_BORDER) for side in (*_OUTER, "insideH", "insideV")
        }
        if len(set(sides.values())) == 1:
            return sides["top"].stroke
        said = {side: border.stroke for side, border in sides.items()}
        return f"({arguments(said)})"

    def _inset(self, margins: Mapping[str, float]) -> str:
        lengths = {**margins, "top": margins["top"] + self.gap}
        return f"({arguments({side: points(lengths[side]) for side in _OUTER})})"

    def _placed(self) -> dict[str, str]:
        place, begin = self._own.find(f"{W}jc"), self._own.find(f"{W}tblInd")
        said = "left" if place is None else place.get(f"{W}val") or "left"
        if said not in _PLACES:
            raise UnknownConstructError(f"w:jc {said}")
        length = 0.0 if begin is None or said not in _AT_LEFT else twips(begin.get(f"{W}w"))
        if self._hangs and said in _AT_LEFT:
            length -= self._margins["left"]
        return {"place": _PLACES[said], "begin": points(length)}


def _borders(element: etree._Element | None) -> dict[str, Border]:
    found: dict[str, Border] = {}
    for each in element if element is not None else ():
        side = _RENAMED.get(local(each), local(each))
        border = border_of(each)
        if side in {"tl2br", "tr2bl"} and border.width:
            raise UnknownConstructError(f"w:{side}")
        found[side] = border
    return found


def _margins(element: etree._Element | None) -> dict[str, float]:
    found: dict[str, float] = {}
    for each in element if element is not None else ():
        found[_RENAMED.get(local(each), local(each))] = twips(each.get(f"{W}w"))
    return found


def keeps_next(row: etree._Element, keeps: Callable[[etree._Element], bool]) -> bool:
    """Whether all paragraphs of the row keep with the next, as a row that does so has them."""
    paragraphs = list(row.iter(f"{W}p"))
    return bool(paragraphs) and all(map(keeps, paragraphs))
