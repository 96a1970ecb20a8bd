"""A copy of a workbook says in its cells what is wrong; the original stays as it was."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from schemas.codes import Problem
from schemas.errors import Invalid
from sheets.annotating import annotate
from sheets.columns import CASE_NO
from sheets.layouts import CASES
from sheets.places import Fault, Place
from tests.building.events import example
from tests.building.sheets import fill, read

ROW = 4


def said(problem: Problem) -> str:
    return problem.message


def spoilt(file: Path, values: dict[str, Any], *, title: str = CASES.name) -> Path:
    """The template filled in with an example whose row has these values."""
    fill(file, example("24"))
    book = load_workbook(file)
    headings = [str(cell.value).rstrip("*") for cell in book[title][1]]
    for heading, value in values.items():
        cell = book[title].cell(ROW, headings.index(heading) + 1)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    book.save(file)
    return file


def annotated(file: Path) -> Any:
    """The copy of the file, opened; the original is untouched."""
    before, batch = file.read_bytes(), read(file)
    copy = file.with_name("copy.xlsx")
    warnings = [warning for draft in batch.drafts for warning in draft.warnings]
    annotate(file, copy, faults=batch.all_faults, warnings=warnings, sentence=said)
    assert file.read_bytes() == before
    return load_workbook(copy)


def comments(book: Any) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def at(book: Any, heading: str) -> str:
    headings = [str(cell.value).rstrip("*") for cell in book[CASES.name][1]]
    return str(book[CASES.name].cell(ROW, headings.index(heading) + 1).coordinate)


def test_each_fault_is_a_comment_of_its_cell(tmp_path: Path) -> None:
    book = annotated(spoilt(tmp_path / "a.xlsx", {"姓名": "买买提•阿卜杜拉", "证件号码": 4301.0}))
    found = comments(book)
    assert set(found) == {(CASES.name, at(book, "姓名")), (CASES.name, at(book, "证件号码"))}
    assert "请用 ·（U+00B7）" in found[CASES.name, at(book, "姓名")]
    assert book[CASES.name][at(book, "姓名")].fill.fgColor.rgb == "FFFFC7CE"


def test_what_is_corrected_in_the_copy_is_published_from_it(tmp_path: Path) -> None:
    book = annotated(spoilt(tmp_path / "a.xlsx", {"姓名": "买买提•阿卜杜拉"}))
    book[CASES.name][at(book, "姓名")].value = "买买提·阿卜杜拉"
    book.save(tmp_path / "b.xlsx")
    assert read(tmp_path / "b.xlsx").all_faults == []


@pytest.mark.parametrize("evil", ['=cmd|"/c calc"!A1', "+1+1", "-1", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_is_text_in_the_copy(tmp_path: Path, evil: str) -> None:
    book = annotated(spoilt(tmp_path / "a.xlsx", {"姓名": evil}))
    cell = book[CASES.name][at(book, "姓名")]
    assert (cell.value, cell.data_type) == (evil, "s")
    assert "name_characters" in cell.comment.text
    assert evil not in cell.comment.text


def test_what_belongs_to_a_row_a_sheet_or_the_file_is_said_in_its_first_cell(
    tmp_path: Path,
) -> None:
    file = fill(tmp_path / "a.xlsx", example("24"))
    book = load_workbook(file)
    book[CASES.name].row_dimensions[ROW].hidden = True
    book["还款"].merge_cells("A1:B1")
    book["还款"]["A4"] = "430111-2026-000020"
    book.create_sheet("别的")["A1"] = "x"
    book.save(file)
    found = comments(annotated(file))
    assert "row_hidden" in found[CASES.name, f"A{ROW}"]
    assert "sheet_merged" in found["还款", "A1"]
    assert "sheet_unknown" in found["别的", "A1"]


def test_a_cell_without_a_heading_has_the_comment_itself(tmp_path: Path) -> None:
    file = fill(tmp_path / "a.xlsx", example("24"))
    book = load_workbook(file)
    book[CASES.name].cell(ROW, 60).value = "x"
    book.save(file)
    assert "column_unknown" in comments(annotated(file))[CASES.name, f"BH{ROW}"]


def test_several_faults_of_a_cell_and_a_remark_of_the_clerk_stand_together(tmp_path: Path) -> None:
    file = spoilt(tmp_path / "a.xlsx", {"姓名": "刘•德"})
    book = load_workbook(file)
    book[CASES.name][at(book, "姓名")].comment = Comment("问过本人", "王")
    book.save(file)
    again = annotated(file)
    assert comments(again)[CASES.name, at(again, "姓名")].startswith("问过本人\n")


def test_every_row_with_the_same_case_is_told(tmp_path: Path) -> None:
    file = fill(tmp_path / "a.xlsx", example("24"))
    book = load_workbook(file)
    sheet = book["多领待遇"]
    headings = [str(cell.value).rstrip("*") for cell in sheet[1]]
    sheet.cell(ROW, headings.index(CASE_NO) + 1).value = "430111-2026-999999"
    book.save(file)
    assert "row_homeless" in comments(annotated(file))["多领待遇", f"A{ROW}"]


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    file = spoilt(tmp_path / "a.xlsx", {"姓名": "刘•德"})
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        annotate(file, file, faults=read(file).all_faults, warnings=[], sentence=said)
    assert file.read_bytes() == before


def test_what_cannot_be_written_whole_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = spoilt(tmp_path / "a.xlsx", {"姓名": "刘•德"})
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        annotate(
            file, tmp_path / "b.xlsx", faults=read(file).all_faults, warnings=[], sentence=said
        )
    assert not (tmp_path / "b.xlsx").exists()


def test_what_is_no_workbook_has_no_copy(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"no")
    with pytest.raises(Invalid):
        annotate(
            file, tmp_path / "b.xlsx", faults=read(file).all_faults, warnings=[], sentence=said
        )
    assert not (tmp_path / "b.xlsx").exists()


def test_what_is_not_read_is_not_opened_for_a_copy_either(tmp_path: Path) -> None:
    file = fill(tmp_path / "a.xlsx", example("24"))
    with ZipFile(file, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    (fault,) = read(file).all_faults
    assert fault.problem.code == "sheet_unsafe"
    with pytest.raises(Invalid) as caught:
        annotate(file, tmp_path / "b.xlsx", faults=[fault], warnings=[], sentence=said)
    assert caught.value.problems[0].code == "sheet_unsafe"
    assert not (tmp_path / "b.xlsx").exists()


def test_many_faults_of_a_cell_are_cut_to_what_excel_takes(tmp_path: Path) -> None:
    file = fill(tmp_path / "a.xlsx", example("24"))
    problem = Problem.of("", "row_repeated", other="别处")
    place = Place(file=str(file), sheet=CASES.name, row=ROW, column="姓名")
    faults = [Fault(place=place, problem=problem)] * 2_000
    assert annotate(file, tmp_path / "b.xlsx", faults=faults, warnings=[], sentence=said) == 1
    (text,) = comments(load_workbook(tmp_path / "b.xlsx")).values()
    assert len(text) < 32_767
