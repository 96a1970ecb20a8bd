"""Spreadsheets are read as events, or every fault is told by sheet, row and column."""

import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from schemas.errors import Invalid
from schemas.events import OverpaymentConfirmed, RepaymentRecorded
from sheets.cells import read_cell
from sheets.grid import Cell, CellKind
from sheets.layouts import REPAYMENTS, SIMPLE, WORKBOOK
from sheets.reading import mark_repeated
from sheets.template import write_template
from tests.building.events import Json, example
from tests.building.sheets import (
    events_in,
    fill,
    plain_book,
    read,
    row_of,
    simple_csv,
    told,
)


def one_line(event: Json) -> Json:
    """The event with addresses as one line, the only form that sheets have."""
    data = event["data"]
    people = [data["promisor"], *data["notify"]] if "notify" in data else []
    for person in people:
        if person is not None and isinstance(person["address"], dict):
            person["address"] = "湖南省长沙市雨花区"
    return event


def case(name: str = "01", **changes: Any) -> Json:
    event = one_line(example(name))
    event["data"] |= changes
    return event


def repayment(**changes: Any) -> Json:
    event = example("05")
    event["data"] |= changes
    return event


def change(file: Path, sheet: str, heading: str, value: Any, row: int = 4) -> Path:
    """The cell of the filled template holds ``value`` instead."""
    book = load_workbook(file)
    page = book[sheet]
    headings = [str(cell.value).rstrip("*") for cell in page[1]]
    page.cell(row, headings.index(heading) + 1).value = value
    book.save(file)
    return file


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return fill(tmp_path_factory.mktemp("filled") / "x.xlsx", case(), repayment()).read_bytes()


@pytest.fixture
def filled(tmp_path: Path, filled_once: bytes) -> Path:
    file = tmp_path / "案件.xlsx"
    file.write_bytes(filled_once)
    return file


@pytest.mark.parametrize("name", ["01", "11", "21", "24"])
def test_an_example_filled_into_the_template_is_read_as_it_was(name: str, tmp_path: Path) -> None:
    (event,) = events_in(read(fill(tmp_path / "x.xlsx", case(name))))
    told_data = OverpaymentConfirmed.model_validate(event["data"])
    assert told_data == OverpaymentConfirmed.model_validate(case(name)["data"])
    assert event["time"] == case(name)["time"]


def test_a_repayment_is_read_as_it_was(tmp_path: Path) -> None:
    (event,) = events_in(read(fill(tmp_path / "x.xlsx", repayment())))
    told_data = RepaymentRecorded.model_validate(event["data"])
    assert told_data == RepaymentRecorded.model_validate(repayment()["data"])


def test_a_repayment_without_a_time_has_its_day(filled: Path) -> None:
    _, event = events_in(read(change(filled, "还款", "登记时间", None)))
    assert event["time"] == "2026-06-19T00:00:00+08:00"


def test_reading_twice_makes_the_same_bytes(filled: Path) -> None:
    first, second = read(filled), read(filled)
    assert [draft.raw for draft in first.drafts] == [draft.raw for draft in second.drafts]


def test_the_id_is_of_the_case_and_the_receipt_and_of_no_row(filled: Path, tmp_path: Path) -> None:
    ids = [event["id"] for event in events_in(read(filled))]
    other = fill(tmp_path / "other.xlsx", case("24"), case(), repayment(amount="1.00"))
    assert set(ids) <= {event["id"] for event in events_in(read(other))}


def test_an_empty_template_publishes_nothing(tmp_path: Path) -> None:
    (file,) = write_template(tmp_path / "x.xlsx")
    assert [code for *_, code in told(read(file))] == ["sheet_empty"]


def test_a_template_is_not_written_over_a_file(filled: Path) -> None:
    before = filled.read_bytes()
    with pytest.raises(FileExistsError):
        write_template(filled)
    assert filled.read_bytes() == before


def test_a_sample_row_with_a_real_case_number_is_told(tmp_path: Path) -> None:
    (file,) = write_template(tmp_path / "x.xlsx")
    change(file, "还款", "案号", "430111-2026-1", row=3)
    assert ("还款", 3, "付款人", "sample_value") in told(read(file))


def test_headings_may_lie_below_a_title_and_rows_may_be_empty(tmp_path: Path) -> None:
    row = row_of(repayment(), REPAYMENTS)
    file = plain_book(
        tmp_path / "x.xlsx",
        {"还款": [["六月还款"], [], list(row), [], [" ", None], list(row.values())]},
    )
    (event,) = events_in(read(file))
    assert event["data"]["amount"] == "1465.30"


@pytest.mark.parametrize(
    ("heading", "value", "member", "said"),
    [
        ("还款金额", 1465.3, "amount", "1465.30"),
        ("还款金额", 1465, "amount", "1465.00"),
        ("还款金额", "1,465.3", "amount", "1465.30"),
        ("还款金额", "￥1465.30元", "amount", "1465.30"),
        ("收款日期", date(2026, 6, 19), "received_on", "2026-06-19"),
        ("收款日期", datetime(2026, 6, 19), "received_on", "2026-06-19"),  # noqa: DTZ001
        ("收款日期", "2026年6月19日", "received_on", "2026-06-19"),
        ("收款日期", "2026/6/19", "received_on", "2026-06-19"),
        ("收款日期", 20260619, "received_on", "2026-06-19"),
        ("还款渠道", "bank_transfer", "channel", "bank_transfer"),
        ("还款渠道", " 遗产 ", "channel", "estate"),
        ("仍具备领取资格", True, "still_qualified", True),
        ("仍具备领取资格", "否", "still_qualified", False),
        ("仍具备领取资格", None, "still_qualified", None),
    ],
)
def test_a_value_may_be_written_in_several_ways(
    filled: Path, heading: str, value: Any, member: str, said: Any
) -> None:
    _, event = events_in(read(change(filled, "还款", heading, value)))
    assert event["data"][member] == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2024年12月", "2024-12"),
        ("2024/12", "2024-12"),
        (202412, "2024-12"),
        (date(2024, 12, 1), "2024-12"),
    ],
)
def test_a_month_may_be_written_in_several_ways(filled: Path, value: Any, said: str) -> None:
    event, _ = events_in(read(change(filled, "多领待遇", "多领开始月份", value)))
    assert event["data"]["overpayments"][0]["from"] == said


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "code"),
    [
        ("案件", "证件号码", 430111194512032712, "cell_digits_lost"),
        ("案件", "证件号码", 4.30111e17, "cell_digits_lost"),
        ("案件", "证件号码", "4.30111E+17", "cell_digits_lost"),
        ("案件", "证件号码", "430111194512032711", "id_number_check"),
        ("案件", "案号", 4301112026, "cell_number"),
        ("案件", "死亡日期", 45617, "cell_date"),
        ("案件", "死亡日期", "11/21/2024", "cell_date"),
        ("案件", "死亡日期", "2024-02-30", "date_format"),
        ("案件", "死亡日期", datetime(2024, 11, 21, 9, 30), "cell_date"),  # noqa: DTZ001
        ("案件", "姓名", "=A1", "cell_formula"),
        ("案件", "姓名", None, "missing"),
        ("案件", "核实时间", None, "missing"),
        ("案件", "证件类型", "身份证明", "cell_choice"),
        ("案件", "停发起始日期", None, "stop_from_required"),
        ("案件", "退还金额", "1.00", "lump_sum_mismatch"),
        ("案件", "退还开始月份", "2026-01", "column_unexpected"),
        ("案件", "退还方式", None, "missing"),
        ("案件", "承诺人姓名", None, "missing"),
        ("案件", "基本情况", "一行\n两行", "control_character"),
        ("多领待遇", "多领金额", 3465.299, "amount_decimals"),
        ("多领待遇", "多领金额", "三千元", "cell_type"),
        ("多领待遇", "多领金额", -1, "amount_not_positive"),
        ("多领待遇", "发放账号", 6228481123456789014, "cell_digits_lost"),
        ("多领待遇", "发放账号", "6228481123456789999", "paid_to_not_a_card"),
        ("多领待遇", "多领截止月份", "2024-01", "period_reversed"),
        ("发放卡（折）", "联行号", "103551000018", "bank_code_check"),
        ("发放卡（折）", "联行号", 103551000017, "cell_number"),
        ("告知对象", "告知对象与当事人关系", None, "missing"),
        ("困难群体", "群体类别", "贫困", "cell_choice"),
        ("还款", "收款日期", None, "missing"),
        ("还款", "还款金额", "#N/A", "cell_error"),
    ],
)
def test_what_is_wrong_in_a_cell_is_told_at_the_cell(
    filled: Path, sheet: str, heading: str, value: Any, code: str
) -> None:
    assert (sheet, 4, heading, code) in told(read(change(filled, sheet, heading, value)))


def test_an_amount_that_was_calculated_and_not_rounded_is_told() -> None:
    column = next(c for c in REPAYMENTS.columns if c.heading == "还款金额")
    with pytest.raises(Invalid) as told_:
        read_cell(Cell(CellKind.NUMBER, 1155.1 * 3), column)
    assert "3465.2999999999997" in told_.value.problems[0].message


def test_all_faults_are_told_at_once_in_the_order_of_the_file(filled: Path) -> None:
    change(filled, "还款", "还款金额", "x")
    change(filled, "多领待遇", "险种", "x")
    change(filled, "案件", "证件类型", "x")
    assert told(read(filled)) == [
        ("案件", 4, "证件类型", "cell_choice"),
        ("多领待遇", 4, "险种", "cell_choice"),
        ("还款", 4, "还款金额", "cell_type"),
    ]


def test_a_card_number_as_text_may_end_in_zeros(filled: Path) -> None:
    change(filled, "多领待遇", "发放账号", "622848112345678000")
    file = change(filled, "发放卡（折）", "账号", "622848112345678000")
    assert told(read(file)) == []


def test_personal_values_are_masked_and_others_shown(filled: Path) -> None:
    change(filled, "案件", "证件号码", "430111194512032711")
    change(filled, "案件", "姓名", "刘\u202e厚")
    change(filled, "还款", "还款渠道", "支付\x1b宝"[:2])
    values = {fault.place.column: fault.value for fault in read(filled).all_faults}
    assert values == {"证件号码": "****2711", "姓名": "****", "还款渠道": "支付"}


def test_warnings_are_told_at_the_cell_and_hold_nothing_back(filled: Path) -> None:
    for sheet, heading in (("多领待遇", "发放账号"), ("发放卡（折）", "账号")):
        change(filled, sheet, heading, "6228481123456789013")
    batch = read(filled)
    (warning,) = batch.drafts[0].warnings
    assert (warning.place.sheet, warning.place.column) == ("发放卡（折）", "账号")
    assert len(batch.sound) == 2


def test_a_row_of_no_case_keeps_every_case_back_but_no_repayment(filled: Path) -> None:
    batch = read(change(filled, "告知对象", "案号", "430111-2026-00001"))
    assert told(batch) == [("告知对象", 4, "案号", "row_homeless")]
    assert [draft.type for draft in batch.sound] == ["repayment.recorded"]


def test_a_case_without_an_overpayment_is_told_at_its_row(tmp_path: Path) -> None:
    file = fill(tmp_path / "x.xlsx", case(overpayments=[], repayment=None, stop_from=None))
    assert ("案件", 4, None, "list_empty") in told(read(file))


def test_the_same_case_or_receipt_twice_is_told_in_both_rows(tmp_path: Path) -> None:
    batch = read(fill(tmp_path / "x.xlsx", repayment(), repayment(amount="3.00")))
    mark_repeated([batch])
    assert told(batch) == [
        ("还款", 4, None, "row_repeated"),
        ("还款", 5, None, "row_repeated"),
    ]


def test_a_heading_with_a_slip_is_told_and_nothing_is_sound(filled: Path) -> None:
    book = load_workbook(filled)
    book["还款"]["G1"].value = "付款入*"
    book.save(filled)
    batch = read(filled)
    assert ("还款", 1, None, "column_unknown") in told(batch)
    assert ("还款", 1, None, "column_missing") in told(batch)
    assert batch.sound == []


def test_a_value_beside_the_table_is_told(filled: Path) -> None:
    book = load_workbook(filled)
    book["还款"]["L4"].value = "已核对"
    book.save(filled)
    assert told(read(filled)) == [("还款", 4, None, "column_unknown")]


def test_hidden_merged_and_foreign_sheets_are_told(filled: Path) -> None:
    book = load_workbook(filled)
    book["还款"].sheet_state = "hidden"
    book["告知对象"].merge_cells("B4:B5")
    book.create_sheet("多领待遇 (2)")["A1"] = "案号"
    book.create_sheet("Sheet3")
    book.save(filled)
    assert {(sheet, code) for sheet, *_, code in told(read(filled))} == {
        ("还款", "sheet_hidden"),
        ("告知对象", "sheet_merged"),
        ("多领待遇 (2)", "sheet_unknown"),
    }


def simple_row(**changes: Any) -> dict[str, Any]:
    return row_of(case("24", promisor=None), SIMPLE) | changes


def test_a_csv_row_is_a_case(tmp_path: Path) -> None:
    (event,) = events_in(read(simple_csv(tmp_path / "x.csv", [simple_row()])))
    expected = OverpaymentConfirmed.model_validate(case("24")["data"])
    assert OverpaymentConfirmed.model_validate(event["data"]) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_a_csv_file_may_be_what_excel_saves(tmp_path: Path, encoding: str, comma: str) -> None:
    file = simple_csv(tmp_path / "x.csv", [simple_row()], encoding=encoding, comma=comma)
    assert len(list(events_in(read(file)))) == 1


def test_a_csv_row_without_a_card_has_none(tmp_path: Path) -> None:
    bank = {"联行号": None, "银行全称": None, "账户类型": None, "户名": None, "账号": None}
    (event,) = events_in(read(simple_csv(tmp_path / "x.csv", [simple_row(**bank)])))
    assert event["data"]["benefit_cards"] == []
    assert event["data"]["overpayments"][0]["paid_to"] is None


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("账号", "6216605500000987655", None),
        ("账号", "6216605500000980000", "cell_digits_lost"),
        ("证件号码", "4.30111E+17", "cell_digits_lost"),
        ("姓名", "=1+1", "cell_formula"),
        ("联行号", "104551000032", "bank_code_check"),
    ],
)
def test_what_is_wrong_in_a_csv_cell_is_told(
    tmp_path: Path, heading: str, value: str, code: str | None
) -> None:
    batch = read(simple_csv(tmp_path / "x.csv", [simple_row(**{heading: value})]))
    assert told(batch) == ([] if code is None else [(None, 2, heading, code)])


def test_a_csv_file_of_repayments_is_known_by_its_headings(tmp_path: Path) -> None:
    rows = [row_of(repayment(), REPAYMENTS)]
    (event,) = events_in(read(simple_csv(tmp_path / "x.csv", rows)))
    assert event["type"] == "hanyin.repayment.recorded.v1"


def test_a_simple_table_saved_as_a_workbook_is_read_too(tmp_path: Path) -> None:
    row = simple_row()
    file = plain_book(tmp_path / "x.xlsx", {"Sheet1": [list(row), list(row.values())]})
    assert len(list(events_in(read(file)))) == 1


def test_a_csv_template_holds_every_heading_and_no_event(tmp_path: Path) -> None:
    for file in write_template(tmp_path / "x.csv"):
        assert [code for *_, code in told(read(file))] == ["sheet_empty"]


def test_the_template_offers_the_words_of_every_choice(tmp_path: Path) -> None:
    book = load_workbook(write_template(tmp_path / "x.xlsx")[0])
    for layout in WORKBOOK:
        offers = book[layout.name].data_validations.dataValidation
        assert len(offers) == sum(
            column.words is not None or column.form == "flag" for column in layout.columns
        )


def test_the_templates_digits_are_text(tmp_path: Path) -> None:
    page = load_workbook(write_template(tmp_path / "x.xlsx")[0])["案件"]
    assert page["E1"].value == "证件类型*"
    assert page.column_dimensions["F"].number_format == "@"


@pytest.mark.parametrize("heading", ["姓名", "个人编号", "联系地址", "收据号"])
@pytest.mark.parametrize(
    ("word", "code"),
    [
        *(
            (word, "cell_error")
            for word in ("#N/A", "#REF!", "#DIV/0!", "#name?", "＃N/A", "#SPILL!")
        ),
        *((word, "cell_no_value") for word in ("NULL", "(null)", "nan", "None", "<NA>", "\\N")),
    ],
)
def test_what_programs_write_for_no_value_is_no_name_and_no_number(
    heading: str, word: str, code: str
) -> None:
    column = SIMPLE.column(heading) or REPAYMENTS.column(heading)
    assert column is not None
    for kind in (CellKind.PLAIN, CellKind.TEXT):
        with pytest.raises(Invalid) as refused:
            read_cell(Cell(kind, word), column)
        assert [problem.code for problem in refused.value.problems] == [code]


def test_names_that_only_hold_such_a_word_are_names() -> None:
    column = SIMPLE.column("姓名")
    assert column is not None
    for name in ("Jennifer Null", "Nanette", "#1 街道办事处"):
        assert read_cell(Cell(CellKind.PLAIN, name), column) == name


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("'4301110017235", "4301110017235"),
        ("’4301110017235", "4301110017235"),
        ("４３０１１１００１７２３５", "4301110017235"),
        ("＇４３０１", "4301"),
        ("０７３１－８４１２３４５６", "0731-84123456"),
    ],
)
def test_digits_lose_the_marks_and_widths_of_the_program_that_wrote_them(
    written: str, read_as: str
) -> None:
    for heading in ("个人编号", "经办人电话"):
        column = SIMPLE.column(heading)
        assert column is not None
        assert read_cell(Cell(CellKind.PLAIN, written), column) == read_as


@pytest.mark.parametrize("written", ["4301110017235.0", "４３０１.０", "'17.00"])
def test_digits_that_were_a_number_are_refused(written: str) -> None:
    column = SIMPLE.column("个人编号")
    assert column is not None
    with pytest.raises(Invalid) as refused:
        read_cell(Cell(CellKind.PLAIN, written), column)
    assert [problem.code for problem in refused.value.problems] == ["cell_number"]


@pytest.mark.parametrize("written", ["2025.1", "2025-1", "2025/1"])
def test_a_month_with_one_digit_in_csv_may_have_lost_the_other(written: str) -> None:
    for heading in ("多领开始月份", "退还开始月份"):
        column = SIMPLE.column(heading)
        assert column is not None
        with pytest.raises(Invalid):
            read_cell(Cell(CellKind.PLAIN, written), column)


@pytest.mark.parametrize("written", ["2025.10", "2025-10", "2025年10月", "202510"])
def test_a_month_with_two_digits_is_read(written: str) -> None:
    column = SIMPLE.column("退还开始月份")
    assert column is not None
    assert read_cell(Cell(CellKind.PLAIN, written), column) == "2025-10"
    assert read_cell(Cell(CellKind.PLAIN, "2025年1月"), column) == "2025-01"


def test_what_a_filter_hides_is_not_published(tmp_path: Path) -> None:
    file = fill(tmp_path / "x.xlsx", case(), repayment())
    book = load_workbook(file)
    book["案件"].row_dimensions[4].hidden = True
    book["还款"].column_dimensions["C"].hidden = True
    book.save(file)
    assert told(read(file)) == [
        ("案件", 4, None, "row_hidden"),
        ("还款", 4, None, "column_hidden"),
    ]


def test_hidden_rows_and_columns_that_are_empty_do_no_harm(tmp_path: Path) -> None:
    file = fill(tmp_path / "x.xlsx", case())
    book = load_workbook(file)
    book["案件"].row_dimensions[9].hidden = True
    book["案件"].column_dimensions["AZ"].hidden = True
    book.save(file)
    assert told(read(file)) == []


@pytest.mark.parametrize(("number", "expected"), [(14, True), (31, True), (57, True), (1, False)])
def test_days_in_the_formats_that_chinese_excel_has_built_in_are_days(
    tmp_path: Path,
    number: int,
    expected: bool,  # noqa: FBT001
) -> None:
    file = change(fill(tmp_path / "x.xlsx", case()), "案件", "停发起始日期", 46086)
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    styles = parts["xl/styles.xml"].decode()
    parts["xl/styles.xml"] = re.sub(
        r'(<xf[^>]*numFmtId=")\d+"', rf'\g<1>{number}"', styles
    ).encode()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert ("cell_date" not in [code for *_, code in told(read(file))]) is expected
