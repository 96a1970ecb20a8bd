"""A paragraph of Word as Typst."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from rendering.typst.literals import arguments, emus, number, points, string, twips
from rendering.typst.numbering import Numbering
from rendering.typst.properties import ParagraphProperties, RunProperties
from rendering.typst.runs import Edges, Line, Piece, Runs, Story, base_of, blank_at_end, text_looks
from rendering.typst.unsupported import UnknownConstructError
from templates.word import W

#: what Word's own lines are high for Chinese text, in parts of the font's size
_NATURAL = 1.3
#: how much of a line is above its baseline: of one of a set height, and of a natural one
_ABOVE, _ABOVE_NATURAL = 0.8, 0.78
_SIDES = ("top", "bottom", "left", "right")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a paragraph depends on beside itself."""

    story: Story
    numbering: Numbering
    #: points between a tab and the next where the paragraph sets none
    default_tab: float
    #: the style of the table that it stands in; None: in none
    table: str | None = None
    #: points of a line in the section's grid; 0: there is none
    grid: float = 0.0
    #: what a page's text has, as Typst writes it; nothing in headers and footers
    room: str = "none"
    #: points that the grid puts between characters
    grid_tracking: float = 0.0


def paragraph(element: etree._Element, setting: Setting) -> list[str]:
    """The code of a paragraph. Raises ``UnknownConstructError``."""
    own = element.find(f"{W}pPr")
    properties, run = _properties(own, setting)
    run.tracking += setting.grid_tracking if properties.snaps else 0
    edges = edges_of(properties, run, setting)
    runs = Runs(setting.story, run, edges)
    line = runs.compile(element)
    if properties.alignment == "distribute" and line.pieces:
        # the last line too is as wide as the paragraph
        line.pieces.append(Piece("linebreak(justify: true)"))
    if properties.numbering is not None:
        mark = None if own is None else own.find(f"{W}rPr")
        level = setting.numbering.level(properties.numbering).find(f"{W}rPr")
        looks = runs.looks_of_label(mark, level)
        line.label = _label(properties, properties.numbering, setting, run, looks)
    if properties.numbering is None and properties.alignment != "right" and line.solid:
        blank_at_end(line)
    said = {
        **_spacing(properties, setting.story.styles.name_of(own)),
        **_form(properties, run, edges),
    }
    if properties.alignment == "justify" and line.values:
        said["jc"] = f"beside({', '.join(line.values)})"
    code = [
        *(["page-break"] if line.break_before else []),
        f"paragraph({arguments(said)},",
        *_body(line, properties, setting, run, edges),
        ")",
        *(["page-break"] if line.break_after else []),
    ]
    if setting.table is not None and (line.break_before or line.break_after):
        raise UnknownConstructError("w:br page in a table")
    return code


def least_height(blocks: etree._Element, setting: Setting) -> float:
    """Points that the paragraphs and tables of ``blocks`` take where no line is broken."""
    height = 0.0
    for block in blocks:
        if block.tag == f"{W}p":
            properties, run = _properties(block.find(f"{W}pPr"), setting)
            edges = edges_of(properties, run, setting)
            pictures = (emus(each.get("cy")) for each in block.iter("{*}extent"))
            height += properties.before + max([edges.up + edges.down, *pictures]) + properties.after
        elif block.tag == f"{W}tbl":
            for row in block.findall(f"{W}tr"):
                cells = row.findall(f"{W}tc")
                height += max((least_height(cell, setting) for cell in cells), default=0.0)
    return height


def line_of(blocks: etree._Element, setting: Setting) -> tuple[float, float]:
    """Points of a character and of a line in the first paragraph of ``blocks``."""
    found = blocks.find(f"{W}p")
    properties, run = _properties(None if found is None else found.find(f"{W}pPr"), setting)
    edges = edges_of(properties, run, setting)
    return run.size, edges.up + edges.down


def _properties(
    own: etree._Element | None, setting: Setting
) -> tuple[ParagraphProperties, RunProperties]:
    styles = setting.story.styles
    properties, run = styles.paragraph(own, table=setting.table)
    if properties.numbering is not None and own is not None and own.find(f"{W}numPr") is not None:
        level = setting.numbering.level(properties.numbering)
        return styles.paragraph(own, table=setting.table, level=level)
    return properties, run


def edges_of(properties: ParagraphProperties, run: RunProperties, setting: Setting) -> Edges:
    """How far the paragraph's lines reach up and down from their baselines."""
    natural = run.size * _NATURAL
    if properties.rule == "exact":
        return Edges(properties.line * _ABOVE, properties.line * (1 - _ABOVE))
    if properties.rule == "atLeast":
        height = max(natural, properties.line)
    elif properties.rule == "auto":
        pitch = setting.grid if properties.snaps else 0
        # a line takes as many of the grid's as it needs (17.6.5)
        single = math.ceil(round(natural / pitch, 3)) * pitch if pitch else natural
        height = single * properties.line
    else:
        raise UnknownConstructError(f"w:lineRule {properties.rule}")
    # what is added to a natural line stands above it; on a grid half above and half below
    below = natural * (1 - _ABOVE_NATURAL)
    if setting.grid and properties.snaps:
        below += (height - natural) / 2
    return Edges(height - below, below)


def _spacing(properties: ParagraphProperties, style: str) -> dict[str, str | None]:
    level = properties.outline
    if level is None and style == "title":
        level = 0
    return {
        "style": string(style) if properties.contextual else None,
        "before": points(properties.before) if properties.before else None,
        "after": points(properties.after) if properties.after else None,
        "contextual": "true" if properties.contextual else None,
        "next": "true" if properties.keep_next else None,
        "whole": "true" if properties.keep_lines else None,
        "page-before": "true" if properties.page_before else None,
        "heading-level": str(level + 1) if level is not None else None,
    }


def _form(
    properties: ParagraphProperties, run: RunProperties, edges: Edges
) -> dict[str, str | None]:
    left, first, hanging = _indents(properties, run)
    jc = "justify" if properties.alignment == "distribute" else properties.alignment
    return {
        "up": points(edges.up),
        "down": points(edges.down),
        "jc": string(jc) if jc != "justify" else None,
        "first": points(first) if first else None,
        "hanging": points(hanging) if hanging else None,
        "inset": _inset(properties, left - hanging, _side(properties, run, "right")),
        "stroke": _stroke(properties),
        "fill": properties.fill,
        "gaps": "auto" if properties.gaps else None,
        "looks": f"({arguments(text_looks(base_of(run)))})",
    }


def _side(properties: ParagraphProperties, run: RunProperties, side: str) -> float:
    """An indent in points: characters of the paragraph's size come before lengths (17.3.1.12)."""
    characters = properties.indents.get(f"{side}Chars")
    if characters is not None and number(characters):
        return number(characters) / 100 * (run.size + run.tracking)
    return twips(properties.indents.get(side))


def _indents(properties: ParagraphProperties, run: RunProperties) -> tuple[float, float, float]:
    left = _side(properties, run, "left")
    return left, _side(properties, run, "firstLine"), _side(properties, run, "hanging")


def _inset(properties: ParagraphProperties, left: float, right: float) -> str | None:
    said = {"left": left, "right": right, "top": 0.0, "bottom": 0.0}
    for side in ("top", "bottom"):
        border = properties.borders.get(side)
        if border is not None and border.width:
            said[side] = border.space + border.width
    used = {side: points(length) for side, length in said.items() if length}
    return f"({arguments(used)})" if used else None


def _stroke(properties: ParagraphProperties) -> str | None:
    drawn = {side: properties.borders.get(side) for side in _SIDES}
    strokes = {side: border.stroke for side, border in drawn.items() if border and border.width}
    return f"({arguments(strokes)})" if strokes else None


def _label(
    properties: ParagraphProperties,
    numbered: tuple[str, int],
    setting: Setting,
    run: RunProperties,
    looks: Mapping[str, str],
) -> Piece:
    label, suffix = setting.numbering.label(numbered), setting.numbering.suffix(numbered)
    _, _, hanging = _indents(properties, run)
    words = f"{string(suffix)}, {points(hanging)}, {points(setting.default_tab)}"
    return Piece(f"numbered({label}, ({arguments(looks) or ':'}), {words})")


def _body(
    line: Line,
    properties: ParagraphProperties,
    setting: Setting,
    run: RunProperties,
    edges: Edges,
) -> list[str]:
    pieces = line.pieces
    if line.marked and not line.solid:
        pieces = [Piece(f"strut({points(edges.up)}, {points(edges.down)})"), *pieces]
    if line.label is not None:
        pieces = [line.label, *pieces]
    elif not any(piece.code.strip('"').strip() for piece in pieces):
        return ["none"]
    if not line.tabs:
        return ["{", *(piece.code for piece in pieces), "}"]
    stops = dict(properties.tabs)
    left, first, hanging = _indents(properties, run)
    if hanging:
        stops.setdefault(left, ("left", "none"))
    written = "".join(
        f"({points(at)}, {string(kind)}, {string(leader)}),"
        for at, (kind, leader) in sorted(stops.items())
    )
    code = [piece.code if piece.control else f"({piece.code},)" for piece in pieces]
    begin = points(left + first - hanging)
    return [f"tabbed(({written}), {points(setting.default_tab)}, {begin}, {{", *code, "})"]
