"""The runs of a paragraph as Typst: text, values, tags, tabs, fields, marks, pictures."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree

from rendering.typst.literals import arguments, emus, names, points, string
from rendering.typst.numbering import BULLETS
from rendering.typst.properties import RunProperties, local
from rendering.typst.styles import Styles
from rendering.typst.tags import Flow, pieces
from rendering.typst.unsupported import UnknownConstructError
from templates.vocabulary import R
from templates.word import W

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_INLINE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
#: a field's name, and the format behind its switch
_FIELD = re.compile(r"\s*([A-Z]+)\s*(?:\\\*\s*([A-Za-z]+)\s*)*")
_FIELDS = {"PAGE": "page-number", "NUMPAGES": "page-count", "SECTIONPAGES": "page-count"}
#: what of a picture Typst does not draw: a frame, a turn, a shape, a part cut off
_PLAIN_PICTURE: Mapping[str, Mapping[str, frozenset[str]]] = {
    "xfrm": {name: names("0 false") for name in ("rot", "flipH", "flipV")},
    "prstGeom": {"prst": names("rect")},
    "srcRect": {side: names("0") for side in ("l", "t", "r", "b")},
}
_FIELD_FORMATS = {"Arabic": "1", "alphabetic": "a", "ALPHABETIC": "A", "roman": "i", "ROMAN": "I"}
#: nothing of them is printed
_SILENT = names(
    "pPr rPr bookmarkEnd proofErr lastRenderedPageBreak softHyphen footnoteRef separator"
    " continuationSeparator"
)
#: a run of blanks to write on, compiled
_LAST_BLANK = re.compile(r'run\(underline: "single", "(\u3000+)"\)')
#: a raised character's size and shift, parts of the size of the text around it
_SMALLER, _UP, _DOWN = 0.65, 0.33, 0.14


class Piece(NamedTuple):
    """An expression, or a mark of the flow around others."""

    code: str
    control: bool = False


#: between it and the next there is a tab
_TAB = Piece("tab")


class Edges(NamedTuple):
    """A line's height above and below its baseline, points."""

    up: float
    down: float


@dataclass(kw_only=True)
class Story:
    """What the runs of a part of the file need beside themselves."""

    styles: Styles
    flow: Flow
    #: relation → picture's file beside the source
    picture: Callable[[str], str]
    #: number of a footnote → its code
    footnote: Callable[[str], list[str]]
    #: how many the file has
    sections: int = 1


@dataclass(kw_only=True)
class Line:
    """A paragraph's runs, compiled."""

    #: the number of a list
    label: Piece | None = None
    pieces: list[Piece] = field(default_factory=list)
    tabs: bool = False
    #: anything is printed whatever the data
    solid: bool = False
    #: a place in it is looked for
    marked: bool = False
    #: the values that it prints, where they are known before it
    values: list[str] = field(default_factory=list)
    #: a page ends before or behind it
    break_before: bool = False
    break_after: bool = False


class Runs:
    """Compiles the runs of one paragraph."""

    def __init__(self, story: Story, base: RunProperties, edges: Edges) -> None:
        self._story, self._base, self._edges = story, base, edges
        self._line = Line()
        self._depth = story.flow.depth
        #: the text of the last piece, what it looks like, and how many pieces there are with it
        self._last = ("", base, 0)
        #: instruction of the field that is open, and whether its shown result has begun
        self._field: list[str] | None = None
        self._result = False
        #: what the result looks like
        self._shown: RunProperties | None = None

    def compile(self, paragraph: etree._Element) -> Line:
        """The paragraph's line. Raises ``UnknownConstructError``."""
        self._children(paragraph)
        if self._story.flow.depth != self._depth or self._field is not None:
            raise UnknownConstructError("{% if %} or a field over several paragraphs")
        return self._line

    def _children(self, parent: etree._Element) -> None:
        for each in parent:
            name = local(each)
            if name == "r":
                self._run(each)
            elif name in {"sdt", "sdtContent"}:
                self._children(each)
            elif name == "bookmarkStart":
                self._mark(each.get(f"{W}name") or "")
            elif name == "fldSimple":
                run = each.find(f"{W}r/{W}rPr")
                self._put(self._field_code(each.get(f"{W}instr") or ""), self._looks(run))
            elif name not in _SILENT | {"sdtPr", "sdtEndPr"}:
                raise UnknownConstructError(f"w:{name}")

    def _run(self, run: etree._Element) -> None:
        looks = self._looks(run.find(f"{W}rPr"))
        for each in run:
            name = local(each)
            if name == "fldChar":
                self._field_mark(each.get(f"{W}fldCharType") or "", looks)
            elif name == "instrText":
                if self._field is None:
                    raise UnknownConstructError("w:instrText")
                self._field.append(each.text or "")
            elif self._result:
                # what the field showed when the template was saved
                self._shown = self._shown or looks
            elif name in _CONTENT:
                _CONTENT[name](self, each, looks)
            elif name not in _SILENT:
                raise UnknownConstructError(f"w:{name}")

    def _looks(self, own: etree._Element | None) -> RunProperties:
        return self._story.styles.run(own, self._base)

    # -- what a run holds

    def _text(self, element: etree._Element, looks: RunProperties) -> None:
        for piece in pieces(element.text or ""):
            if isinstance(piece, str):
                self._words(piece, looks)
            elif piece.prints:
                value = self._story.flow.printed(piece)
                if self._story.flow.depth == self._depth or value.startswith("val(data."):
                    self._line.values.append(value)
                self._put(value, looks)
            else:
                code = self._story.flow.control(piece, floor=self._depth)
                self._line.pieces.append(Piece(code, control=True))

    def _words(self, text: str, looks: RunProperties) -> None:
        before, alike, count = self._last
        if count == len(self._line.pieces) and count and alike == looks:
            # Word and WPS tear runs apart where nothing changes
            self._line.pieces.pop()
            text = before + text
        # blanks alone print nothing, and a line of them would have no height
        prints = looks.underline is not None or bool(text.strip())
        if prints and self._story.flow.depth == self._depth:
            self._line.solid = True
        self._put(string(text), looks)
        self._last = (text, looks, len(self._line.pieces))

    def _tab(self, _element: etree._Element, looks: RunProperties) -> None:
        if looks.underline == "double":
            raise UnknownConstructError("w:tab underlined twice")
        lined = None if looks.underline is None else Piece(f"lined-tab({string(looks.underline)})")
        self._line.tabs = True
        self._line.solid |= lined is not None and self._story.flow.depth == self._depth
        self._line.pieces.append(lined or _TAB)

    def _break(self, element: etree._Element, _looks: RunProperties) -> None:
        kind = element.get(f"{W}type") or "textWrapping"
        if kind == "textWrapping":
            self._add("linebreak()")
        elif kind != "page" or self._story.flow.depth != self._depth:
            raise UnknownConstructError(f"w:br {kind}")
        elif self._line.pieces:
            self._line.break_after = True
        else:
            self._line.break_before = True

    def _symbol(self, element: etree._Element, looks: RunProperties) -> None:
        try:
            point = int(element.get(f"{W}char") or "0", 16)
            chr(point)
        except (ValueError, OverflowError) as error:
            raise UnknownConstructError("w:sym") from error
        private = chr(point if point >= 0xE000 else 0xF000 + point)  # noqa: PLR2004
        if private not in BULLETS:
            raise UnknownConstructError(f"w:sym {element.get(f'{W}char')}")
        self._words(BULLETS[private], looks)

    def _hyphen(self, _element: etree._Element, looks: RunProperties) -> None:
        self._words("\u2011", looks)

    def _note(self, element: etree._Element, _looks: RunProperties) -> None:
        code = self._story.footnote(element.get(f"{W}id") or "")
        self._add("footnote({\n" + "\n".join(code) + "\n})")

    def _picture(self, element: etree._Element, _looks: RunProperties) -> None:
        extent = element.find(f"{_INLINE}inline/{_INLINE}extent")
        blip = element.find(f".//{_A}blip")
        if extent is None or blip is None:
            raise UnknownConstructError("w:drawing")
        _require_plain(element)
        file = self._story.picture(blip.get(f"{R}embed") or "")
        named = element.find(f"{_INLINE}inline/{_INLINE}docPr")
        description = "" if named is None else named.get("descr") or ""
        said = {
            "width": points(emus(extent.get("cx"))),
            "height": points(emus(extent.get("cy"))),
            "alt": string(description) if description else None,
        }
        self._line.solid = True
        self._add(f"box(image({string(file)}, {arguments(said)}))")

    # -- fields and marks

    def _field_mark(self, kind: str, looks: RunProperties) -> None:
        if kind == "begin" and self._field is None:
            self._field = []
        elif kind == "separate":
            self._result = True
        elif kind == "end" and self._field is not None:
            self._put(self._field_code("".join(self._field)), self._shown or looks)
            self._field, self._result, self._shown = None, False, None
        else:
            raise UnknownConstructError(f"w:fldChar {kind}")

    def _field_code(self, instruction: str) -> str:
        match = _FIELD.fullmatch(instruction.replace("MERGEFORMAT", "Arabic"))
        if match is None or match[1] not in _FIELDS:
            raise UnknownConstructError(f"field {' '.join(instruction.split())[:40]}")
        form = match[2] or "Arabic"
        if form not in _FIELD_FORMATS or (match[1] == "SECTIONPAGES" and self._story.sections > 1):
            raise UnknownConstructError(f"field {' '.join(instruction.split())[:40]}")
        self._line.solid = True
        return f"{_FIELDS[match[1]]}({string(_FIELD_FORMATS[form])})"

    def _mark(self, name: str) -> None:
        # Word's own begin with an underscore; nobody looks for them
        if name and not name.startswith("_"):
            self._line.marked = True
            self._add(f"mark({string(name)}, {points(self._edges.up)})")

    # -- looks

    def _add(self, code: str) -> None:
        self._line.pieces.append(Piece(code))

    def looks_of_label(
        self, mark: etree._Element | None, level: etree._Element | None
    ) -> Mapping[str, str]:
        """What a list's number looks like: as the paragraph's mark, then as the level says."""
        looks = self._story.styles.run(level, self._looks(mark))
        return self._said(looks)

    def _said(self, looks: RunProperties) -> Mapping[str, str]:
        return {**_decoration(looks), **text_looks(looks, self._base), **self._raised(looks)}

    def _put(self, code: str, looks: RunProperties) -> None:
        said = self._said(looks)
        self._add(f"run({arguments(said)}, {code})" if said else _plain(code))

    def _raised(self, looks: RunProperties) -> Mapping[str, str]:
        if looks.raised is None:
            return {}
        shift = looks.size * (-_UP if looks.raised == "super" else _DOWN)
        # a shifted run reaches as far up and down as its line
        up, down = self._edges.up + min(shift, 0), self._edges.down - max(shift, 0)
        return {
            "size": points(looks.size * _SMALLER),
            "baseline": points(shift),
            "top-edge": points(up),
            "bottom-edge": points(-down),
        }


#: an element of a run → what is made of it
_CONTENT: Mapping[str, Callable[[Runs, etree._Element, RunProperties], None]] = {
    "t": Runs._text,  # noqa: SLF001
    "tab": Runs._tab,  # noqa: SLF001
    "br": Runs._break,  # noqa: SLF001
    "cr": Runs._break,  # noqa: SLF001
    "sym": Runs._symbol,  # noqa: SLF001
    "noBreakHyphen": Runs._hyphen,  # noqa: SLF001
    "footnoteReference": Runs._note,  # noqa: SLF001
    "drawing": Runs._picture,  # noqa: SLF001
}


def _require_plain(picture: etree._Element) -> None:
    """Raise ``UnknownConstructError`` where more is done to the picture than setting its size."""
    for each in picture.iter():
        name = local(each)
        for attribute, plain in _PLAIN_PICTURE.get(name, {}).items():
            if each.get(attribute) not in plain | {None}:
                raise UnknownConstructError(f"a:{name} {attribute}")
        if name == "ln" and len(each) and each.find(f"{_A}noFill") is None:
            raise UnknownConstructError("a:ln")


def _plain(code: str) -> str:
    return f"spoken({code})" if code.startswith("val(") else code


def _decoration(looks: RunProperties) -> dict[str, str]:
    border = looks.border
    said = {
        "underline": string(looks.underline) if looks.underline else None,
        "border": f"({border.stroke}, {points(border.space)})" if border else None,
        "fill": looks.fill,
        "caps": "true" if looks.caps else None,
        "bold": string(looks.face or "") if looks.bold else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def text_looks(looks: RunProperties, base: RunProperties | None = None) -> dict[str, str]:
    """The arguments of Typst's ``text`` for what differs from ``base``; of all without one."""
    other = base or RunProperties()
    said: dict[str, str] = {}
    if base is None or (looks.face, looks.latin) != (other.face, other.latin):
        said["font"] = f"fonts-of({string(looks.face or '')}, {string(looks.latin or '')})"
    if base is None or looks.size != other.size:
        said["size"] = points(looks.size)
    if looks.colour != other.colour:
        said["fill" if base is None else "paint"] = looks.colour or "black"
    if looks.tracking != other.tracking:
        said["tracking"] = points(looks.tracking)
    return said


def blank_at_end(line: Line) -> None:
    """A blank at the paragraph's end takes what is left of its line."""
    blank = _LAST_BLANK.fullmatch(line.pieces[-1].code) if line.pieces else None
    if blank:
        line.pieces[-1] = Piece(f"tail({len(blank[1])})")


def base_of(looks: RunProperties) -> RunProperties:
    """The paragraph's text without what is drawn run by run."""
    return replace(
        looks, bold=False, underline=None, raised=None, border=None, fill=None, caps=False
    )
