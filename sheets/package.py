"""An XLSX file looked at before openpyxl sees it: bounded, without macros, links and entities.

openpyxl builds trees of what it reads and expands entities unless defusedxml is installed. OPC
forbids document type declarations (ECMA-376-2, 6.5.2: "DTD declarations shall not be used"), so
each part is read once by expat, which keeps nothing, and a declaration ends it.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from schemas.errors import Invalid
from sheets.grid import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from sheets.refusal import refused

#: bytes of all parts, unpacked; zipfile reads no more of a part than its directory says
_MOST_UNPACKED = 64 * 1024 * 1024
#: parts of a package
_MOST_PARTS = 500
#: elements of all parts: 20,000 rows of 25 cells with two elements each, and their strings
_MOST_ELEMENTS = 2_000_000
_CHUNK = 64 * 1024
#: drawings of remarks (.vml) are not read by anybody here, and Excel itself writes broken ones
_XML = re.compile(r"\.(xml|rels)$", re.IGNORECASE)
#: how names of ISO/IEC 29500 Strict begin, which openpyxl does not know
_STRICT = "http://purl.oclc.org/ooxml/"
#: what the head of a file says: an old or encrypted document (OLE), a package (ZIP)
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
#: OPC, ECMA-376-2: UTF-8 or UTF-16, nothing else
_ENCODINGS = {"utf-8", "utf-16"}
#: elements of a cell that holds something: value, inline string, formula
_CONTENTS = {"v", "is", "f"}
_CELL_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)


#: digits of a row's number, at most (1,048,576 rows), and one
_LONGEST_NUMBER = 8


def too_large(what_zh: str, what: str, limit: int) -> Invalid:
    """The error of a file with more than ``limit`` of ``what``."""
    return refused("sheet_too_large", what_zh=what_zh, what=what, limit=limit)


#: what ``too_large`` says
_ROWS = ("行", "rows", MOST_ROWS)
_COLUMNS = ("列", "columns", MOST_COLUMNS)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the part of a sheet says that openpyxl does not tell in its read-only mode."""

    #: ranges of merged cells (``A1:B2``)
    merged: list[str] = field(default_factory=list)
    #: numbers of rows, and first and last numbers of columns, that nobody sees
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def examine(file: Path) -> dict[str, Part]:
    """The parts of sheets by name; the file may be opened by openpyxl.

    Raises ``Invalid`` where it may not, ``OSError`` where it cannot be read.
    """
    _demand_zip(file)
    try:
        with zipfile.ZipFile(file) as package:
            _demand_modest(package)
            scan = _Scan()
            for entry in package.infolist():
                scan.part(package, entry)
            return scan.parts
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise refused("sheet_unreadable") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise refused("sheet_unreadable") from error


def _demand_zip(file: Path) -> None:
    if file.stat().st_size > MOST_BYTES:
        raise too_large("MB", "MB", MOST_BYTES // 1024 // 1024)
    with file.open("rb") as stream:
        head = stream.read(4)
    if head == _OLE:
        raise refused("sheet_format", kind=".xls / 加密 encrypted")
    if head != _ZIP:
        raise refused("sheet_unreadable")


def _demand_modest(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > _MOST_PARTS:
        raise too_large("部件", "parts", _MOST_PARTS)
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise too_large("展开后 MB", "MB unpacked", _MOST_UNPACKED // 1024 // 1024)
    if len(set(names)) != len(names) or any(e.compress_type not in _METHODS for e in entries):
        raise refused("sheet_unreadable")
    for name in names:
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
            raise refused("sheet_unsafe", what_zh="宏", what="macros")
        if "/externallinks/" in name:
            raise refused(
                "sheet_unsafe", what_zh="指向其他工作簿的链接", what="links to other workbooks"
            )


class _Scan:
    """One pass over every part; counts over all of them."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}
        self._elements = 0
        #: of the part at hand: its row's number, rows that hold something, cells of the row
        self._row = 0
        self._rows = 0
        self._cells = 0
        self._is_filled = False
        self._name = ""
        #: the limit that the cell at hand lies beyond
        self._far: tuple[str, str, int] | None = None

    def part(self, package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        """Nothing in the part is dangerous; merged ranges, hidden rows and columns are kept."""
        self._name, self._far = entry.filename, None
        self._row = self._rows = 0
        parser = self._parser()
        with package.open(entry) as stream:
            try:
                for chunk in _chunks(stream):
                    parser.Parse(chunk, False)
                parser.Parse(b"", True)
            except expat.ExpatError as error:
                # a picture or printer settings are no XML; openpyxl finds no tree in them either
                if _XML.search(entry.filename):
                    raise refused("sheet_unreadable") from error

    def _parser(self) -> Any:
        parser = expat.ParserCreate()
        parser.XmlDeclHandler = _declared
        parser.StartDoctypeDeclHandler = _doctype
        parser.StartElementHandler = self._element
        return parser

    def _element(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if any(value.startswith(_STRICT) for value in attributes.values()):
            raise refused("sheet_strict")
        if self._elements > _MOST_ELEMENTS:
            raise too_large("XML 元素", "XML elements", _MOST_ELEMENTS)
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes.get("r", ""))
        elif name == "row":
            self._begin_row(attributes)
        elif name in _CONTENTS:
            self._content()
        elif name == "mergeCell":
            self._part.merged.append(attributes.get("ref", "")[:20])
        elif name == "col" and _is_hidden(attributes, "width"):
            first, last = (_number(attributes.get(each, "")) for each in ("min", "max"))
            self._part.hidden_columns.append((first, last))
        elif "macroEnabled" in attributes.get("ContentType", ""):
            raise refused("sheet_format", kind=".xlsm")

    @property
    def _part(self) -> Part:
        return self.parts.setdefault(self._name, Part())

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row = _number(attributes.get("r", "")) or self._row + 1
        self._cells, self._far, self._is_filled = 0, None, False
        if _is_hidden(attributes, "ht"):
            self._part.hidden_rows.add(self._row)

    def _content(self) -> None:
        """A cell of the row holds something: rows that only have a format do not count."""
        if self._far is not None:
            raise too_large(*self._far)
        self._rows += not self._is_filled
        self._is_filled = True
        if self._rows > MOST_ROWS:
            raise too_large(*_ROWS)

    def _cell(self, name: str) -> None:
        """An empty cell may lie anywhere; what one holds beyond the limits would not be read."""
        self._cells += 1
        if self._cells > MOST_COLUMNS:
            raise too_large(*_COLUMNS)
        match = _CELL_NAME.fullmatch(name)
        self._far = None
        if match is not None and int(match[2]) > MOST_ROWS:
            self._far = _ROWS
        elif match is not None and _column_number(match[1]) > MOST_COLUMNS:
            self._far = _COLUMNS


def _is_hidden(attributes: dict[str, str], extent: str) -> bool:
    """True for a row or column that is hidden, by a filter too, or has no height or width."""
    return attributes.get("hidden") in {"1", "true"} or attributes.get(extent) in {"0", "0.0"}


def _number(text: str) -> int:
    """A number of a row or column; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else 0


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _chunks(stream: Any) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise refused("sheet_unreadable")


def _doctype(*_: object) -> None:
    raise refused("sheet_unsafe", what_zh="实体声明（DTD）", what="declarations of entities (DTD)")
