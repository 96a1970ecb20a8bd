"""A CSV file → a grid: UTF-8, UTF-16 or GB18030; comma, semicolon or tab."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from sheets.grid import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Cell, CellKind, Grid, Line
from sheets.package import too_large
from sheets.refusal import refused

#: Excel writes a comma or, by the machine's region, a semicolon; its "Unicode text" has tabs
_SEPARATORS = (",", "\t", ";")
#: lines at the top in which a separator is looked for
_HEAD_LINES = 10
#: what Excel and WPS write: with a mark, or in the code page of Chinese Windows
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_commas(file: Path) -> Grid:
    """The file's lines. Raises ``Invalid``, or ``OSError`` where it cannot be read."""
    if file.stat().st_size > MOST_BYTES:
        raise too_large("MB", "MB", MOST_BYTES // 1024 // 1024)
    text = _decoded(file.read_bytes())
    return Grid(file=str(file), name=None, lines=_lines(text))


def _decoded(raw: bytes) -> str:
    marked = [name for mark, name in _MARKS if raw.startswith(mark)]
    for name in marked or ["utf-8", "gb18030"]:
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    raise refused("sheet_encoding")


def _lines(text: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    while True:
        first = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise refused("sheet_quotes", line=first) from error
        if row is None:
            return
        _demand_modest(first, row)
        cells = tuple(_cell(part) for part in row)
        if any(cells):
            yield Line(number=first, cells=cells)


def _separator(text: str) -> str:
    """The separator that stands most often in the first lines; a comma where none does."""
    head = "\n".join(text.split("\n", _HEAD_LINES)[:_HEAD_LINES])
    return max(_SEPARATORS, key=head.count)


def _demand_modest(number: int, row: list[str]) -> None:
    if number > MOST_ROWS:
        raise too_large("行", "rows", MOST_ROWS)
    if len(row) > MOST_COLUMNS:
        raise too_large("列", "columns", MOST_COLUMNS)


def _cell(part: str) -> Cell | None:
    text = part.strip()
    if not text:
        return None
    return Cell(CellKind.FORMULA if text.startswith("=") else CellKind.PLAIN, text)
