"""A spreadsheet that is meant to do harm is refused before it can."""

import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets.reading import is_spreadsheet
from tests.building.sheets import plain_book, read, told

_HEADINGS = ["案号*", "收据号*", "还款金额*", "收款日期*", "还款渠道*", "付款人*"]
_ROW = ["430111-2026-1", "R-1", "1.00", "2026-06-19", "遗产", "刘晓云"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return plain_book(tmp_path / "x.xlsx", {"还款": [_HEADINGS, _ROW]})


def codes(file: Path) -> list[str]:
    return [code for *_, code in told(read(file))]


def rewrite(file: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The package with one of its parts changed, or made where it is not there."""
    with zipfile.ZipFile(file) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for entry, content in parts.items():
            package.writestr(entry, content)
    return file


SHEET = "xl/worksheets/sheet1.xml"


def with_dtd(declaration: bytes) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        head, mark, rest = part.rpartition(b"?>") if b"?>" in part else (b"", b"", part)
        return head + mark + declaration + rest

    return change


def test_rows_that_only_have_a_format_do_not_count(file: Path) -> None:
    rows = b'<row><c s="1"/></row>' * 24_000
    rewrite(file, SHEET, lambda old: old.replace(b"</sheetData>", rows + b"</sheetData>"))
    assert codes(file) == []


def test_a_drawing_of_remarks_may_be_broken_as_excel_writes_it(file: Path) -> None:
    rewrite(file, "xl/drawings/vmlDrawing1.vml", lambda _: b"<xml><div>text<br></div></xml>")
    assert codes(file) == []


def test_a_strict_workbook_is_told_as_such(file: Path) -> None:
    transitional = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    for part in ("xl/workbook.xml", SHEET):
        rewrite(file, part, lambda old: old.replace(transitional, strict))
    assert codes(file) == ["sheet_strict"]


def test_the_file_is_good_before_it_is_spoilt(file: Path) -> None:
    assert codes(file) == []


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "x/unused.xml"])
@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_a_declaration_of_entities_is_refused_in_any_part(
    file: Path, part: str, declaration: bytes
) -> None:
    rewrite(file, part, lambda old: with_dtd(declaration)(old or b"<x/>"))
    assert codes(file) == ["sheet_unsafe"]


def test_entities_do_not_hide_behind_an_encoding(file: Path) -> None:
    text = '<?xml version="1.0" encoding="utf-7"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'
    assert codes(rewrite(file, "xl/styles.xml", lambda _: text.encode())) == ["sheet_unreadable"]


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused_whatever_the_file_is_called(file: Path, name: str) -> None:
    assert codes(rewrite(file, name, lambda _: b"<x/>")) == ["sheet_unsafe"]


def test_a_workbook_of_the_kind_with_macros_is_refused(file: Path) -> None:
    rewrite(
        file,
        "[Content_Types].xml",
        lambda old: old.replace(
            b"officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        ).replace(b"vnd.openxmlformats-ms", b"vnd.ms"),
    )
    assert codes(file) == ["sheet_format"]


def test_links_to_other_workbooks_are_refused(file: Path) -> None:
    name = "xl/externalLinks/externalLink1.xml"
    assert codes(rewrite(file, name, lambda _: b"<externalLink/>")) == ["sheet_unsafe"]


def test_strings_in_a_table_of_their_own_are_read(file: Path) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    table = f"<sst {space}><si><t>刘</t></si><si><r><t>晓</t></r><r><t>云</t></r></si></sst>"
    rewrite(file, "[Content_Types].xml", lambda old: _with_part(old, part))
    rewrite(file, "xl/sharedStrings.xml", lambda _: table.encode())
    rewrite(file, SHEET, lambda old: _replace_cell(old, b"F2", b'<c r="F2" t="s"><v>1</v></c>'))
    rewrite(
        file,
        SHEET,
        lambda old: _replace_cell(
            old, b"E2", '<c r="E2" t="inlineStr"><is><t>遗产</t></is></c>'.encode()
        ),
    )
    assert "晓云" in str([draft.event["data"]["payer"] for draft in read(file).drafts])


def _with_part(types: bytes, part: bytes) -> bytes:
    return types if b"sharedStrings" in types else types.replace(b"</Types>", part)


@pytest.mark.parametrize(
    "formula", ["<f>1+1</f>", "<f>1+1</f><v>2</v>", '<f t="array" ref="C2">1</f>']
)
def test_a_formula_is_told_with_and_without_its_value(file: Path, formula: str) -> None:
    book = b'<c r="C2">' + formula.encode() + b"</c>"
    rewrite(file, SHEET, lambda old: _replace_cell(old, b"C2", book))
    assert told(read(file)) == [("还款", 2, "还款金额", "cell_formula")]


def _replace_cell(sheet: bytes, name: bytes, cell: bytes) -> bytes:
    start = sheet.index(b'<c r="' + name + b'"')
    return sheet[:start] + cell + sheet[sheet.index(b"</c>", start) + 4 :]


def test_a_bomb_is_refused_before_it_is_unpacked(file: Path) -> None:
    rewrite(file, "xl/media/image1.png", lambda _: bytes(80 * 1024 * 1024))
    assert file.stat().st_size < 1024 * 1024
    assert codes(file) == ["sheet_too_large"]


@pytest.mark.parametrize(
    "rows",
    [
        b"<row><c><v>1</v></c></row>" * 20_001,
        b"<row>" + b"<c/>" * 201 + b"</row>",
        b'<row r="20002"><c r="A20002"><v>1</v></c></row>',
        b'<row r="2"><c r="XFD2"><v>1</v></c></row>',
        b"<row>" + b"<x/>" * 2_000_001 + b"</row>",
    ],
    ids=["rows", "cells", "far row", "far cell", "elements"],
)
def test_a_sheet_beyond_the_limits_is_refused(file: Path, rows: bytes) -> None:
    rewrite(file, SHEET, lambda old: old.replace(b"</sheetData>", rows + b"</sheetData>"))
    assert "sheet_too_large" in codes(file)


def test_a_far_cell_that_is_empty_takes_no_memory(file: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"/></row>'
    rewrite(file, SHEET, lambda old: old.replace(b"</sheetData>", far + b"</sheetData>"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert codes(file) == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_unreadable"),
        (b"not a workbook", "sheet_unreadable"),
        (b"PK\x03\x04" + bytes(100), "sheet_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "sheet_format"),
        (bytes(11 * 1024 * 1024), "sheet_too_large"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    assert codes(file) == [code]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(file: Path, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    assert codes(file) == ["sheet_unreadable"]


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "[Content_Types].xml", SHEET, "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("content", [b"", b"<x/>", b"<x", b'<worksheet><c r="?"/></worksheet>'])
def test_a_spoilt_part_is_an_error_and_no_crash(file: Path, part: str, content: bytes) -> None:
    assert codes(rewrite(file, part, lambda _: content)) != []


@pytest.mark.parametrize("kind", [".xls", ".xlsm", ".xlsb", ".ods", ".et"])
def test_other_kinds_are_refused_with_what_to_do(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"x{kind}"
    file.write_bytes(b"")
    assert is_spreadsheet(file)
    assert codes(file) == ["sheet_format"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\x00\x81", "sheet_encoding"),
        ("案号|收据号".encode(), "heading_missing"),
        ('案号,收据号\n"430111,1\n'.encode(), "sheet_quotes"),
        (b"\n" * 10, "heading_missing"),
        (("案号" + ",x" * 300).encode(), "sheet_too_large"),
        (("案号\n" + "x\n" * 20_001).encode(), "sheet_too_large"),
    ],
)
def test_a_spoilt_csv_file_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    assert codes(file)[0] == code


def test_a_csv_file_with_nul_and_escapes_is_told_and_not_obeyed(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    row = [*_ROW[:3], "2026-06-19\x1b[2J", _ROW[4], "刘\x00"]
    file.write_text(",".join(_HEADINGS) + "\n" + ",".join(row) + "\n", encoding="utf-8")
    batch = read(file)
    assert {code for *_, code in told(batch)} == {"cell_date", "control_character"}
    assert all((fault.value or "").isprintable() for fault in batch.all_faults)
