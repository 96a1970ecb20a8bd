"""Properties of paragraphs and runs: what Word may say of them, read one upon another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from rendering.fonts import STAND_INS
from rendering.typst.borders import Border, border_of
from rendering.typst.literals import colour, names, number, twips
from rendering.typst.unsupported import UnknownConstructError
from templates.vocabulary import OFF
from templates.word import W

#: names of the families of GB/T 9704 → the family that the templates ask for
_FAMILIES = {name: family for family, names in STAND_INS.items() for name in (family, *names)}
#: a theme's font is none of the official ones: this one stands for it
_THEMED = "宋体"
#: Word's underline → ours
_UNDERLINES = {
    "single": "single",
    "double": "double",
    "thick": "thick",
    "dotted": "dotted",
    "dash": "dashed",
    "dashLong": "dashed",
    "none": None,
}
_RAISED = {"superscript": "super", "subscript": "sub", "baseline": None}
_ALIGNMENTS = {
    "both": "justify",
    "distribute": "distribute",
    "left": "left",
    "start": "left",
    "center": "center",
    "right": "right",
    "end": "right",
}
_LEADERS = {"none", "dot", "middleDot", "hyphen", "underscore", "heavy"}
_TABS = {"left", "start", "center", "right", "end", "num", "clear"}


@dataclass(kw_only=True)
class RunProperties:
    """What a run looks like; lengths in points."""

    #: family of Chinese text
    face: str | None = None
    #: family of Latin letters and digits, where it is one of ours
    latin: str | None = None
    size: float = 10.0
    bold: bool = False
    underline: str | None = None
    colour: str | None = None
    fill: str | None = None
    #: ``super`` or ``sub``
    raised: str | None = None
    caps: bool = False
    border: Border | None = None
    #: between characters, beyond their width
    tracking: float = 0.0


@dataclass(kw_only=True)
class ParagraphProperties:
    """What a paragraph looks like; lengths in points."""

    before: float = 0.0
    after: float = 0.0
    #: no space between it and another of its style
    contextual: bool = False
    #: points with the rules ``exact`` and ``atLeast``, lines with ``auto``
    line: float = 1.0
    rule: str = "auto"
    alignment: str = "left"
    #: attributes of ``w:ind``, without namespace
    indents: dict[str, str] = field(default_factory=dict)
    #: position → kind and what the gap before it is filled with
    tabs: dict[float, tuple[str, str]] = field(default_factory=dict)
    keep_next: bool = False
    keep_lines: bool = False
    page_before: bool = False
    #: lines keep to the section's grid
    snaps: bool = True
    #: gaps between Chinese and Latin text
    gaps: bool = True
    fill: str | None = None
    borders: dict[str, Border] = field(default_factory=dict)
    #: list and level
    numbering: tuple[str, int] | None = None
    #: level of a heading, from 0
    outline: int | None = None


def is_on(element: etree._Element) -> bool:
    """What a switch says (17.17.4)."""
    return element.get(f"{W}val") not in OFF


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(element).localname)


def shading(element: etree._Element) -> str | None:
    """The background's colour; patterns are unknown."""
    if _value(element) not in {"clear", "nil", ""}:
        raise UnknownConstructError(f"w:shd {_value(element)}")
    return colour(element.get(f"{W}fill"))


def read_run(element: etree._Element | None, into: RunProperties) -> None:
    """``into`` has what the ``w:rPr`` says. Raises ``UnknownConstructError``."""
    _read(element, into, _RUN, _RUN_SWITCHES, _RUN_IGNORED)


def read_paragraph(element: etree._Element | None, into: ParagraphProperties) -> None:
    """``into`` has what the ``w:pPr`` says. Raises ``UnknownConstructError``."""
    _read(element, into, _PARAGRAPH, frozenset(), _PARAGRAPH_IGNORED)


def _read(
    element: etree._Element | None,
    into: object,
    known: Mapping[str, Callable[..., None]],
    switches: frozenset[str],
    ignored: frozenset[str],
) -> None:
    for each in element if element is not None else ():
        name = local(each)
        if name in known:
            known[name](each, into)
        elif name not in ignored and not (name in switches and not is_on(each)):
            raise UnknownConstructError(f"w:{name}")


def _value(element: etree._Element) -> str:
    return element.get(f"{W}val") or ""


def _one_of(element: etree._Element, known: Mapping[str, str | None]) -> str | None:
    if _value(element) not in known:
        raise UnknownConstructError(f"w:{local(element)} {_value(element)}")
    return known[_value(element)]


# -- runs --------------------------------------------------------------------------------------


def _fonts(element: etree._Element, into: RunProperties) -> None:
    east, latin = element.get(f"{W}eastAsia"), element.get(f"{W}ascii")
    if east is not None:
        if east not in _FAMILIES:
            raise UnknownConstructError(f"w:rFonts {east[:40]}")
        into.face = _FAMILIES[east]
    elif element.get(f"{W}eastAsiaTheme") is not None and into.face is None:
        into.face = _THEMED
    if latin is not None:
        into.latin = _FAMILIES.get(latin)


def _size(element: etree._Element, into: RunProperties) -> None:
    # half points
    into.size = number(_value(element)) / 2


def _bold(element: etree._Element, into: RunProperties) -> None:
    into.bold = is_on(element)


def _underline(element: etree._Element, into: RunProperties) -> None:
    into.underline = _one_of(element, _UNDERLINES)
    if into.underline is not None and element.get(f"{W}color") not in {None, "auto"}:
        raise UnknownConstructError(f"w:u color {element.get(f'{W}color')}")


def _run_colour(element: etree._Element, into: RunProperties) -> None:
    into.colour = colour(element.get(f"{W}val"))


def _run_fill(element: etree._Element, into: RunProperties) -> None:
    into.fill = shading(element)


def _run_border(element: etree._Element, into: RunProperties) -> None:
    border = border_of(element)
    into.border = border if border.width else None


def _raised(element: etree._Element, into: RunProperties) -> None:
    into.raised = _one_of(element, _RAISED)


def _caps(element: etree._Element, into: RunProperties) -> None:
    into.caps = is_on(element)


def _tracking(element: etree._Element, into: RunProperties) -> None:
    into.tracking = twips(_value(element))


def _stretch(element: etree._Element, _into: RunProperties) -> None:
    if _value(element) not in {"", "100", "100%"}:
        raise UnknownConstructError(f"w:w {_value(element)}")


_RUN: Mapping[str, Callable[[etree._Element, RunProperties], None]] = {
    "rFonts": _fonts,
    "sz": _size,
    "b": _bold,
    "u": _underline,
    "color": _run_colour,
    "shd": _run_fill,
    "bdr": _run_border,
    "vertAlign": _raised,
    "caps": _caps,
    "spacing": _tracking,
    "w": _stretch,
}
#: what there is no Typst for, and what Word and WPS write of it where it is off
_RUN_SWITCHES = names(
    "i smallCaps strike dstrike outline shadow emboss imprint vanish webHidden specVanish"
    " rtl cs effect highlight"
)
#: of other scripts, of the spelling checker, of the screen; named styles are read by ``styles``
_RUN_IGNORED = names("rStyle iCs bCs szCs lang noProof kern snapToGrid ligatures textFill")


# -- paragraphs --------------------------------------------------------------------------------


def _spacing(element: etree._Element, into: ParagraphProperties) -> None:
    for name, text in element.attrib.items():
        match name.removeprefix(W):
            case "before":
                into.before = twips(text)
            case "after":
                into.after = twips(text)
            case "line":
                into.line = number(text)
            case "lineRule":
                into.rule = text
            case "beforeLines" | "afterLines" as which:
                _lines(which, text, into)
            case "beforeAutospacing" | "afterAutospacing" if text in OFF:
                pass
            case other:
                raise UnknownConstructError(f"w:spacing {other}")
    if f"{W}line" in element.attrib:
        # 240ths of a line, or twentieths of a point
        into.rule = element.get(f"{W}lineRule") or "auto"
        into.line /= 240 if into.rule == "auto" else 20


#: points of a line in ``beforeLines``, where no grid says otherwise (17.3.1.33)
_LINE = 12.0


def _lines(which: str, text: str, into: ParagraphProperties) -> None:
    length = number(text) / 100 * _LINE
    if length and which == "beforeLines":
        into.before = into.before or length
    elif length:
        into.after = into.after or length


def _indents(element: etree._Element, into: ParagraphProperties) -> None:
    said = {name.removeprefix(W): value for name, value in element.attrib.items()}
    renamed = {"start": "left", "end": "right", "startChars": "leftChars", "endChars": "rightChars"}
    said = {renamed.get(name, name): value for name, value in said.items()}
    for one, other in (("firstLine", "hanging"), ("hanging", "firstLine")):
        if one in said or f"{one}Chars" in said:
            into.indents.pop(other, None)
            into.indents.pop(f"{other}Chars", None)
    into.indents.update(said)


def _alignment(element: etree._Element, into: ParagraphProperties) -> None:
    into.alignment = str(_one_of(element, _ALIGNMENTS))


def _tabs(element: etree._Element, into: ParagraphProperties) -> None:
    for tab in element:
        kind, position = _value(tab), twips(tab.get(f"{W}pos"))
        leader = tab.get(f"{W}leader") or "none"
        if kind not in _TABS or leader not in _LEADERS:
            raise UnknownConstructError(f"w:tab {kind} {leader}")
        if kind == "clear":
            into.tabs.pop(position, None)
        else:
            named = {"start": "left", "num": "left", "end": "right"}.get(kind, kind)
            into.tabs[position] = named, leader


def _paragraph_borders(element: etree._Element, into: ParagraphProperties) -> None:
    for each in element:
        border = border_of(each)
        if local(each) in {"between", "bar"}:
            if border.width:
                raise UnknownConstructError(f"w:pBdr {local(each)}")
            continue
        into.borders[local(each)] = border


def _paragraph_fill(element: etree._Element, into: ParagraphProperties) -> None:
    into.fill = shading(element)


def _numbering(element: etree._Element, into: ParagraphProperties) -> None:
    said = {local(each): _value(each) for each in element}
    level = int(number(said.get("ilvl") or "0"))
    # list 0: what a style numbers, this paragraph does not
    into.numbering = None if said.get("numId", "0") == "0" else (said["numId"], level)


def _outline(element: etree._Element, into: ParagraphProperties) -> None:
    level = int(number(_value(element)))
    # 9: body text
    into.outline = level if level < 9 else None  # noqa: PLR2004


def _switch(attribute: str) -> Callable[[etree._Element, ParagraphProperties], None]:
    def read(element: etree._Element, into: ParagraphProperties) -> None:
        setattr(into, attribute, is_on(element))

    return read


_PARAGRAPH: Mapping[str, Callable[[etree._Element, ParagraphProperties], None]] = {
    "spacing": _spacing,
    "ind": _indents,
    "jc": _alignment,
    "tabs": _tabs,
    "pBdr": _paragraph_borders,
    "shd": _paragraph_fill,
    "numPr": _numbering,
    "outlineLvl": _outline,
    "contextualSpacing": _switch("contextual"),
    "keepNext": _switch("keep_next"),
    "keepLines": _switch("keep_lines"),
    "pageBreakBefore": _switch("page_before"),
    "snapToGrid": _switch("snaps"),
    "autoSpaceDE": _switch("gaps"),
    "autoSpaceDN": _switch("gaps"),
}
#: how lines break is Typst's business, which knows the rules for Chinese; the rest is of the
#: screen or of other scripts; sections and the paragraph mark's properties are read elsewhere
_PARAGRAPH_IGNORED = names(
    "pStyle rPr sectPr widowControl suppressLineNumbers suppressAutoHyphens kinsoku"
    " wordWrap overflowPunct topLinePunct adjustRightInd mirrorIndents textAlignment"
    " cnfStyle bidi"
)
