"""Sections of a Word file: paper, margins, grid, headers and footers as Typst's pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from rendering.typst.literals import arguments, names, number, points, string, twips
from rendering.typst.numbering import FORMATS
from rendering.typst.properties import is_on, local
from rendering.typst.settings import FileSettings
from rendering.typst.unsupported import UnknownConstructError
from templates.vocabulary import R
from templates.word import W

_PARTS = ("header", "footer")
_EDGES = {"header": "top", "footer": "bottom"}
#: points by which a header may be higher before that is seen
_TOLERANCE = 1.0
_SIDES = ("top", "bottom", "left", "right", "gutter")
_WHICH = ("default", "even", "first")
_KNOWN = names(
    "headerReference footerReference pgSz pgMar cols docGrid titlePg pgNumType type"
    " vAlign textDirection formProt noEndnote paperSrc footnotePr endnotePr"
)
#: what a footnote's settings say where there is nothing to do
_PLAIN_NOTES = {
    "pos": names("pageBottom"),
    "numStart": names("1"),
    "numRestart": names("continuous"),
    # of the separators, in the settings
    "footnote": frozenset({""}),
}
#: 4,096ths of a point (17.6.5)
_SPACES = 4096


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The grid that a section's lines and characters keep to; points."""

    pitch: float = 0.0
    tracking: float = 0.0


class Section:
    """One ``w:sectPr``."""

    def __init__(self, element: etree._Element, settings: FileSettings, *, index: int) -> None:
        self._element, self._settings, self._index = element, settings, index

    def require_known(self) -> None:
        """Raise ``UnknownConstructError`` unless pages can be made of it."""
        if self._kind not in ({"nextPage"} if self._index else {"nextPage", "continuous"}):
            raise UnknownConstructError(f"w:type {self._kind}")
        for each in self._element:
            if local(each) not in _KNOWN:
                raise UnknownConstructError(f"w:{local(each)}")
        columns = self._element.find(f"{W}cols")
        if columns is not None and number(columns.get(f"{W}num"), 1) > 1:
            raise UnknownConstructError(f"w:cols {columns.get(f'{W}num')}")
        for name, plain in (("vAlign", {"top"}), ("textDirection", {"lrTb"})):
            found = self._element.find(f"{W}{name}")
            if found is not None and found.get(f"{W}val") not in plain:
                raise UnknownConstructError(f"w:{name} {found.get(f'{W}val')}")

    @property
    def grid(self) -> Grid:
        """Its grid (17.6.5)."""
        found = self._element.find(f"{W}docGrid")
        kind = "default" if found is None else found.get(f"{W}type") or "default"
        if found is None or kind == "default":
            return Grid()
        characters = kind in {"linesAndChars", "snapToChars"}
        tracking = number(found.get(f"{W}charSpace")) / _SPACES if characters else 0.0
        return Grid(pitch=twips(found.get(f"{W}linePitch")), tracking=tracking)

    @property
    def _kind(self) -> str:
        """Where it begins; of a first section it does not matter."""
        kind = self._element.find(f"{W}type")
        return "nextPage" if kind is None else kind.get(f"{W}val") or "nextPage"

    def references(self, relation: Callable[[str], str]) -> dict[tuple[str, str], str]:
        """(header or footer, which) → the part that it names."""
        return {
            (part, each.get(f"{W}type") or "default"): relation(each.get(f"{R}id") or "")
            for part in _PARTS
            for each in self._element.findall(f"{W}{part}Reference")
        }

    @property
    def room(self) -> tuple[float, float]:
        """Width and height of a page's text, points."""
        size, margins = self._element.find(f"{W}pgSz"), self._element.find(f"{W}pgMar")
        if size is None or margins is None:
            raise UnknownConstructError("w:sectPr without paper")
        taken = {side: abs(twips(margins.get(f"{W}{side}"))) for side in _SIDES}
        width = twips(size.get(f"{W}w")) - taken["left"] - taken["right"] - taken["gutter"]
        return width, twips(size.get(f"{W}h")) - taken["top"] - taken["bottom"]

    def require_room(self, heights: Mapping[tuple[str, str], float]) -> None:
        """Raise ``UnknownConstructError`` where a header or footer pushes the text aside.

        ``heights``: (header or footer, which) → what it needs at least, points (17.6.11).
        """
        margins = self._element.find(f"{W}pgMar")
        for (part, which), height in heights.items():
            edge = None if margins is None else margins.get(f"{W}{_EDGES[part]}")
            distance = twips(None if margins is None else margins.get(f"{W}{part}"))
            # a margin below nothing stays as it is
            if twips(edge) >= 0 and distance + height > twips(edge) + _TOLERANCE:
                raise UnknownConstructError(f"w:{part}Reference {which}, higher than its margin")

    def paper(self) -> dict[str, str | None]:
        """The paper and its margins, arguments of ``page``."""
        size, margins = self._element.find(f"{W}pgSz"), self._element.find(f"{W}pgMar")
        if size is None or margins is None:
            raise UnknownConstructError("w:sectPr without paper")
        gutter = twips(margins.get(f"{W}gutter"))
        left, right = twips(margins.get(f"{W}left")) + gutter, twips(margins.get(f"{W}right"))
        sides = (
            f"inside: {points(left)}, outside: {points(right)}"
            if self._settings.mirrored
            else f"left: {points(left)}, right: {points(right)}"
        )
        top, bottom = (points(abs(twips(margins.get(f"{W}{side}")))) for side in ("top", "bottom"))
        return {
            "width": points(twips(size.get(f"{W}w"))),
            "height": points(twips(size.get(f"{W}h"))),
            "margin": f"(top: {top}, bottom: {bottom}, {sides})",
            "binding": "left" if self._settings.mirrored else None,
        }

    def opening(self, parts: dict[tuple[str, str], str]) -> list[str]:
        """The ``set page`` of its pages; ``parts``: (header or footer, which) → its name."""
        margins = self._element.find(f"{W}pgMar")
        titled = self._element.find(f"{W}titlePg")
        first = titled is not None and is_on(titled)
        mark = f"<section-{self._index}>"
        said = self.paper()
        for part, edge in zip(_PARTS, ("top", "bottom"), strict=True):
            known = {which: parts.get((part, which)) for which in _WHICH}
            if not self._settings.even_and_odd:
                known["even"] = None
            elif known["even"] is None:
                known["even"] = "none"
            if first and known["first"] is None:
                known["first"] = "none"
            distance = points(twips(None if margins is None else margins.get(f"{W}{part}")))
            named = f"({arguments(known) or ':'})"
            titled_by = mark if first else "none"
            said[part] = f"context {edge}-part(of-page({named}, {titled_by}), {distance})"
        return [
            f"set page({arguments(said)}, header-ascent: 0pt, footer-descent: 0pt)",
            *self._numbers(),
            *self._notes(),
            *([f"[#metadata(none)#label({string(mark[1:-1])})]"] if first else []),
        ]

    def _notes(self) -> list[str]:
        """How footnotes are counted (17.11.11): as the section says, else as the file does."""
        own = self._element.find(f"{W}footnotePr")
        form = None
        for each in own if own is not None else self._settings.notes:
            said = each.get(f"{W}val") or ""
            if local(each) == "numFmt" and FORMATS.get(said):
                form = FORMATS[said]
            elif said not in _PLAIN_NOTES.get(local(each), frozenset()):
                raise UnknownConstructError(f"w:footnotePr {local(each)} {said}")
        return [] if form is None else [f"set footnote(numbering: count.with({string(form)}))"]

    def _numbers(self) -> list[str]:
        found = self._element.find(f"{W}pgNumType")
        if found is None:
            return []
        form, start = found.get(f"{W}fmt") or "decimal", found.get(f"{W}start")
        if form != "decimal":
            raise UnknownConstructError(f"w:pgNumType {form}")
        return [] if start is None else [f"counter(page).update({int(number(start))})"]


def part_name(file: str) -> str:
    """The Typst name of a header or footer."""
    return "part-" + "".join(each if each.isalnum() else "-" for each in file)
