"""What a page shows, read without a viewer; and what is not found so is looked for by one."""

import io
from collections.abc import Generator

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf

from rendering import finishing
from rendering.pdf import PdfFile
from rendering.shown import shown_text
from schemas.errors import ProductionFailed

_MAP = b"4 beginbfchar\n<0001> <7B2C>\n<0028> <0031>\n<0029> <53F7>\n<005C> <D840DD64>\nendbfchar\n"


def page_with(content: bytes, *, mapped: bool = True) -> Pdf:
    pdf = Pdf.new()
    pdf.add_blank_page()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type0)
    if mapped:
        font.ToUnicode = pdf.make_stream(_MAP)
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(f0=font))
    pdf.pages[0].Contents = pdf.make_stream(content)
    return pdf


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (rb"BT /f0 16 Tf 1 0 0 -1 0 0 Tm[(\000\001)15.6(\000\()]TJ[(\000\))]TJ ET", "第1号"),
        (b"BT /f0 16.5 Tf [<00010028>-3<0029>] TJ ET", "第1号"),
        (rb"BT /f0 8 Tf [(\000\\)]TJ ET", "𠅤"),
        (rb"/Span<</ActualText(\000\001)>>BDC BT /f0 8 Tf [(\000\))]TJ ET EMC", "号"),
        (rb"BT /f0 8 Tf [(\000\001\000\002\000\))]TJ ET", "第\ufffd号"),
        (rb"BT [(\000\001)]TJ ET", "\ufffd"),
        (b"", ""),
    ],
    ids=["literal", "hexadecimal", "escaped", "said, not shown", "in no map", "no font", "blank"],
)
def test_a_page_shows_what_its_fonts_make_of_its_codes(content: bytes, shown: str) -> None:
    pdf = page_with(content)
    assert shown_text(pdf.pages[0].obj) == shown


def test_a_font_without_a_map_and_a_page_without_content_show_nothing() -> None:
    unmapped = page_with(rb"BT /f0 8 Tf [(\000\001)]TJ ET", mapped=False)
    assert "第" not in shown_text(unmapped.pages[0].obj)
    blank = Pdf.new()
    blank.add_blank_page()
    del blank.pages[0].Contents
    assert shown_text(blank.pages[0].obj) == ""


def file_of(pdf: Pdf) -> PdfFile:
    buffer = io.BytesIO()
    pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return PdfFile(content=buffer.getvalue())


def test_a_number_that_is_shown_is_not_looked_for_by_a_viewer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = file_of(page_with(rb"BT /f0 16 Tf [(\000\001\000\(\000\))]TJ ET"))

    def texts(_: PdfFile) -> Generator[str]:
        yield pytest.fail("a viewer was asked")

    monkeypatch.setattr(PdfFile, "texts", texts)
    finishing._demand_text(file, ["第 1 号"])


def test_a_number_that_no_page_shows_stops_the_letter() -> None:
    file = file_of(page_with(rb"BT /f0 16 Tf [(\000\001\000\))]TJ ET"))
    with pytest.raises(ProductionFailed) as caught:
        finishing._demand_text(file, ["第1号"])
    assert caught.value.problem.code == "rendering_unsound"
