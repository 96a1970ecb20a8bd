"""Books on paper, as Typst makes them."""

from collections.abc import Iterator

import pypdfium2
import pytest

from books import case_ledger, due, receipts, register, service
from books.book import Book, BookForm
from books.writers.paper import PaperWriter
from rendering.building import build_printer
from rendering.pdf import text_of
from rendering.printing import Printer
from schemas.errors import ProductionFailed
from tests.building.books import book, case_row, number, written
from tests.building.paper import AGENCY

pytestmark = pytest.mark.timeout(300)

LONG = "中国邮政储蓄银行股份有限公司长沙市雨花区井湾子街道某某社区营业部" * 2
FORMS = [register.FORM, case_ledger.FORM, service.FORM, receipts.FORM, due.FORM]


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printer]:
    """A printer that has printed: no test is blamed for the process that all of them use."""
    made = build_printer(work_dir=tmp_path_factory.mktemp("office"))
    try:
        printed(made, seventy_cases())
        yield made
    finally:
        made.close()


def printed(printer: Printer, made: Book, *, demo: bool = True) -> bytes:
    agency = AGENCY.model_copy(update={"demo": demo})
    return written(PaperWriter(printer, agency), made)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, white space taken out."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        words = page.get_textpage()
        found.append("".join(words.get_text_range().split()))
        words.close()
        page.close()
    document.close()
    return found


def seventy_cases() -> Book:
    """Long names, a case with more documents than most, numbers that end each row."""
    rows = [
        case_row(
            case_no=f"430111-2026-{place:06}",
            party_name="阿卜杜热合曼·买买提吐尔逊" if place % 9 == 0 else "刘德厚",
            groups=["deceased_no_relatives", "minimum_living_allowance"] if place % 4 == 0 else [],
            documents=[
                {"number": number(10 * place + n), "kind": "recovery_notice", "state": "void"}
                for n in range(1 + (30 if place == 40 else place % 4))
            ],
        )
        for place in range(1, 71)
    ]
    return book(*rows)


def test_a_long_book_repeats_its_head_counts_its_pages_and_says_demo(printer: Printer) -> None:
    found = pages(printed(printer, seventy_cases()))
    assert len(found) > 3
    for place, text in enumerate(found, start=1):
        assert "困难（特殊）群体" in text
        assert f"第{place}页共{len(found)}页" in text
        assert "DEMO" in text
    assert "合计70件" in found[-1]


def test_no_row_is_cut_in_two_by_the_end_of_a_page(printer: Printer) -> None:
    found = pages(printed(printer, seventy_cases()))
    for place in (n for n in range(1, 71) if n != 40):
        (page,) = (text for text in found if f"430111-2026-{place:06}" in text)
        assert all(number(10 * place + n) in page for n in range(1 + place % 4)), place


def test_a_row_higher_than_a_page_goes_on_in_rows_below_it(printer: Printer) -> None:
    text = "".join(pages(printed(printer, seventy_cases())))
    assert all(number(400 + n) in text for n in range(31))
    assert "续" in text


def test_a_real_agencys_book_does_not_say_demo(printer: Printer) -> None:
    assert "DEMO" not in text_of(printed(printer, book(case_row()), demo=False))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_book_has_a_template_that_prints_an_empty_one_too(
    printer: Printer, form: BookForm
) -> None:
    text = text_of(printed(printer, Book(**{**vars(book()), "form": form, "rows": ()})))
    assert form.zh in text
    assert "合计0件" in text


def test_what_a_cell_holds_is_printed_and_never_carried_out(printer: Printer) -> None:
    made = book(case_row(party_name="{{ agency_name }}<甲&乙>{% if x %}"))
    assert "{{agency_name}}<甲&乙>{%ifx%}" in text_of(printed(printer, made))


def test_a_character_that_no_font_has_stops_the_book_and_is_named(printer: Printer) -> None:
    with pytest.raises(ProductionFailed, match=r"U\+E000"):
        printed(printer, book(case_row(party_name="甲\ue000")))
