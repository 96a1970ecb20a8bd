"""A Word template → Typst source, with the files that it needs beside it."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from rendering.typst.capacity import LONG, longest_unmeasured
from rendering.typst.literals import arguments, points
from rendering.typst.numbering import Numbering
from rendering.typst.paragraphs import Setting, least_height, paragraph
from rendering.typst.properties import local
from rendering.typst.runs import Edges, Runs, Story, base_of, text_looks
from rendering.typst.sections import Section, part_name
from rendering.typst.settings import FileSettings
from rendering.typst.styles import Styles
from rendering.typst.tables import TableCompiler, keeps_next
from rendering.typst.tags import Flow, Tag, pieces
from rendering.typst.unsupported import UnknownConstructError, Unsupported, UnsupportedError
from templates.expressions import patched
from templates.markup import Place
from templates.word import DOCUMENT, STYLES, W, WordFile, parsed

#: counted on when the same template gives another source
VERSION = 2
_PRELUDE = Path(__file__).with_name("prelude.typ").read_text(encoding="utf-8")
_NUMBERING, _NOTES = "word/numbering.xml", "word/footnotes.xml"
#: pictures that Typst draws (a picture of Word's own kinds needs Word)
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp"})


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """What Typst makes letters from."""

    source: str = field(repr=False)
    #: pictures by their names beside the source
    files: Mapping[str, bytes] = field(repr=False)

    #: by which the template is known
    key: str
    #: names of the places that are looked for in a finished file
    marks: tuple[str, ...]


def template_digest(docx: bytes) -> str:
    """By which a compiled template is found: its bytes, this compiler, this Typst."""
    said = f"{VERSION} {version('typst')} ".encode()
    return hashlib.sha256(said + docx).hexdigest()


@lru_cache(maxsize=64)
def compile_template(docx: bytes) -> Compiled:
    """The template's source. Raises ``UnsupportedError`` that names all that is not known."""
    try:
        return _Compilation(docx).compile()
    except UnknownConstructError as error:
        # of the settings
        found = Unsupported(construct=str(error), place=Place("word/settings.xml"))
        raise UnsupportedError((found,)) from error


def unknown_in(docx: bytes) -> tuple[Unsupported, ...]:
    """All that keeps the template from being compiled; nothing where it can be."""
    try:
        compile_template(docx)
    except UnsupportedError as error:
        return error.found
    return ()


class _Compilation:
    def __init__(self, docx: bytes) -> None:
        self._key = template_digest(docx)
        self._word = WordFile.read(docx)
        self._patched = patched(docx)
        self._unknown: list[Unsupported] = []
        self._files: dict[str, bytes] = {}
        #: header and footer parts: name → code
        self._parts: dict[str, list[str]] = {}
        #: what each of them needs at least, points
        self._heights: dict[str, float] = {}
        self._part, self._paragraphs, self._tables = DOCUMENT, 0, 0
        self._section_index = 0
        self._unmeasured = LONG
        self._styles = Styles(self._word.tree(STYLES))
        self._flow = Flow()
        self._footnote_looks = ""
        self._settings = FileSettings.read(self._word)
        numbering = self._word.tree(_NUMBERING) if _NUMBERING in self._word.parts else None
        self._setting = Setting(
            story=Story(
                styles=self._styles,
                flow=self._flow,
                picture=self._picture,
                footnote=self._footnote,
                sections=sum(1 for _ in self._word.tree(DOCUMENT).iter(f"{W}sectPr")),
            ),
            numbering=Numbering(numbering),
            default_tab=self._settings.default_tab,
        )

    def compile(self) -> Compiled:
        body = parsed(DOCUMENT, self._patched[DOCUMENT].encode())[0]
        code = [line for section in self._sections(body) for line in section]
        if self._unknown:
            raise UnsupportedError(tuple(self._unknown))
        parts = [line for name, part in self._parts.items() for line in _let(name, part)]
        lines = [
            f"#let unmeasured = {self._unmeasured}",
            _PRELUDE,
            *parts,
            _START,
            self._footnote_looks,
            "#{",
            *code,
            "}",
            _END,
            "",
        ]
        marks = (node.get(f"{W}name") or "_" for node in body.iter(f"{W}bookmarkStart"))
        return Compiled(
            source="\n".join(lines),
            files=self._files,
            key=self._key,
            marks=tuple(name for name in marks if not name.startswith("_")),
        )

    def _sections(self, body: etree._Element) -> Iterator[list[str]]:
        blocks: list[etree._Element] = []
        named: dict[tuple[str, str], str] = {}
        before = body.text or ""
        for block in body:
            blocks.append(block)
            found = block if block.tag == f"{W}sectPr" else block.find(f"{W}pPr/{W}sectPr")
            if found is not None:
                yield self._section(found, before, blocks, named)
                blocks, before = [], ""

    def _section(
        self,
        element: etree._Element,
        before: str,
        blocks: list[etree._Element],
        named: dict[tuple[str, str], str],
    ) -> list[str]:
        section = Section(element, self._settings, index=self._section_index)
        self._section_index += 1
        try:
            section.require_known()
            grid, room = section.grid, _room(*section.room)
            for key, part in section.references(self._relation).items():
                named[key] = self._around(part)
            section.require_room({key: self._heights[name] for key, name in named.items()})
            opening = section.opening(named)
        except UnknownConstructError as error:
            self._note(error)
            return []
        outer = self._setting
        self._setting = replace(outer, grid=grid.pitch, grid_tracking=grid.tracking, room=room)
        self._part = DOCUMENT
        code = self._blocks(before, blocks)
        self._measure(blocks, section.room)
        self._setting = outer
        return ["{", *opening, f"flow(start: true, room: {room}, {{", *code, "})", "}"]

    def _measure(self, blocks: list[etree._Element], room: tuple[float, float]) -> None:
        with contextlib.suppress(UnknownConstructError):
            # what is not known was named where it stands
            least = longest_unmeasured(blocks, self._setting, room)
            self._unmeasured = min(self._unmeasured, least)

    def _around(self, part: str) -> str:
        """The name of a header's or footer's code."""
        name = part_name(part)
        if name not in self._parts:
            root = parsed(part, self._patched[part].encode())
            outer, self._part, self._paragraphs = (self._part, self._paragraphs), part, 0
            self._parts[name] = ["flow(start: true, {", *self._children(root), "})"]
            self._heights[name] = least_height(root, self._setting)
            self._part, self._paragraphs = outer
        return name

    # -- blocks

    def _children(self, parent: etree._Element) -> list[str]:
        return self._blocks(parent.text or "", list(parent))

    def _blocks(self, before: str, blocks: list[etree._Element]) -> list[str]:
        floor = self._flow.depth
        code = self._tags(before, floor)
        for block in blocks:
            code += self._guarded(self._block, block)
            code += self._tags(block.tail or "", floor)
        if self._flow.depth != floor:
            self._note(UnknownConstructError("{% if %} or {% for %} over several cells or parts"))
        return code

    def _block(self, block: etree._Element) -> list[str]:
        match local(block):
            case "p":
                self._paragraphs += 1
                return paragraph(block, self._setting)
            case "tbl":
                return self._table(block)
            case "sdt":
                content = block.find(f"{W}sdtContent")
                return [] if content is None else self._children(content)
            case "sectPr" | "tcPr" | "bookmarkEnd" | "proofErr":
                return []
            case "bookmarkStart" if (block.get(f"{W}name") or "_").startswith("_"):
                return []
            case other:
                raise UnknownConstructError(f"w:{other}")

    def _table(self, table: etree._Element) -> list[str]:
        outer = self._setting
        # not so in a cell; and since Word 2013 the border is there, no longer the text
        hangs = self._settings.tables_hang and outer.table is None
        self._tables += 1
        compiler = TableCompiler(
            table,
            self._styles,
            self._children,
            key=f"table-{self._tables}",
            room=outer.room,
            hangs=hangs,
        )
        self._setting = replace(outer, table=compiler.style)
        floor = self._flow.depth
        code = [compiler.opening()]
        for row in table:
            if row.tag == f"{W}tr":
                code += self._row(compiler, row)
            elif local(row) not in {"tblPr", "tblGrid", "bookmarkEnd", "proofErr"}:
                raise UnknownConstructError(f"w:{local(row)}")
            code += self._tags(row.tail or "", floor)
        self._setting = outer
        if self._flow.depth != floor:
            raise UnknownConstructError("{% if %} or {% for %} over a table's end")
        return [*code, "})"]

    def _row(self, compiler: TableCompiler, row: etree._Element) -> list[str]:
        cells: list[str] = []
        floor = self._flow.depth
        compiler.enter(row)
        for cell in row:
            if cell.tag == f"{W}tc":
                cells += compiler.cell(cell)
            elif local(cell) not in {"trPr", "tblPrEx", "bookmarkEnd", "proofErr"}:
                raise UnknownConstructError(f"w:{local(cell)}")
            cells += self._tags(cell.tail or "", floor)
        return compiler.row(row, cells, keeps=keeps_next(row, self._keeps))

    def _keeps(self, element: etree._Element) -> bool:
        own = element.find(f"{W}pPr")
        return self._styles.paragraph(own, table=self._setting.table)[0].keep_next

    def _tags(self, text: str, floor: int) -> list[str]:
        code = []
        for piece in pieces(text) if text.strip() else ():
            if isinstance(piece, Tag) and not piece.prints:
                code.append(self._flow.control(piece, floor=floor))
            elif isinstance(piece, Tag) or piece.strip():
                self._note(UnknownConstructError(str(piece)[:40]))
        return code

    # -- what blocks refer to

    def _picture(self, relation: str) -> str:
        part = self._relation(relation)
        ending = part.rpartition(".")[2].lower()
        if ending not in _PICTURES:
            raise UnknownConstructError(f"picture .{ending}")
        name = f"picture-{len(self._files)}.{ending}"
        self._files[name] = self._word.parts[part]
        return name

    def _footnote(self, number: str) -> list[str]:
        for note in self._word.tree(_NOTES).findall(f"{W}footnote"):
            if note.get(f"{W}id") == number:
                paragraphs = note.findall(f"{W}p")
                if len(paragraphs) != 1:
                    raise UnknownConstructError("w:footnote of several paragraphs")
                _, run = self._styles.paragraph(paragraphs[0].find(f"{W}pPr"))
                edges = Edges(run.size, run.size * 0.3)
                line = Runs(self._setting.story, run, edges).compile(paragraphs[0])
                looks = arguments(text_looks(base_of(run)))
                edge = f"top-edge: {points(edges.up)}, bottom-edge: {points(-edges.down)}"
                self._footnote_looks = f"#show footnote.entry: set text({looks}, {edge})"
                return [piece.code for piece in line.pieces]
        raise UnknownConstructError(f"w:footnote {number}")

    def _relation(self, name: str) -> str:
        folder, _, file = self._part.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels"
        for each in self._word.tree(relations):
            if each.get("Id") == name:
                target = each.get("Target") or ""
                part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
                if part in self._word.parts:
                    return part
        raise UnknownConstructError(f"relation {name}")

    # -- what is not known

    def _guarded(
        self, compiled: Callable[[etree._Element], list[str]], block: etree._Element
    ) -> list[str]:
        depth = self._flow.depth
        try:
            return compiled(block)
        except UnknownConstructError as error:
            self._note(error)
            # what it left open does not matter any more
            self._flow.reset(depth)
            return []

    def _note(self, error: UnknownConstructError) -> None:
        place = Place(self._part, self._paragraphs)
        self._unknown.append(Unsupported(construct=str(error), place=place))


_START = """\
#set document(date: auto)
#set text(
  lang: "zh", region: "cn", fallback: false, hyphenate: false, ligatures: false,
  cjk-latin-spacing: none, overhang: false, font: faces.rare,
)
#set par(spacing: 0pt, leading: 0pt, linebreaks: "simple")
#set block(spacing: 0pt)
#set footnote.entry(indent: 0pt)"""
#: last, so that all before it is the same from letter to letter and stays in Typst's memory
_END = '#metadata(none)<document-end>\n#set document(title: json("data.json").title)'


def _let(name: str, code: list[str]) -> list[str]:
    return [f"#let {name} = {{", *code, "}"]


def _room(width: float, height: float) -> str:
    return f"({points(width)}, {points(height)})"
