"""Headers, footers and page numbers over several sections: by Typst as by LibreOffice, by page."""

from collections.abc import Iterator
from datetime import date

import pytest

from rendering.engines import Engines
from rendering.typst.compiler import unknown_in
from tests.building.renderers import running_renderer
from tests.building.word_files import PAGE, p, word_file

pytestmark = pytest.mark.timeout(300)

_BREAK = "<w:pageBreakBefore/>"
_TITLED = "<w:titlePg/>"


def _reference(which: str, part: str) -> str:
    return f'<w:footerReference w:type="{which}" r:id="{part}"/>'


def _field(name: str) -> str:
    return f'<w:p><w:r><w:t>第</w:t></w:r><w:fldSimple w:instr=" {name} "/></w:p>'


PARTS = {
    "footer1.xml": _field("PAGE"),
    "footer2.xml": p("首页"),
    "footer3.xml": p("双页"),
    "footer4.xml": _field("NUMPAGES"),
}
_EVEN = "<w:settings><w:evenAndOddHeaders/></w:settings>"


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    for renderer in running_renderer(tmp_path_factory.mktemp("typst")):
        yield renderer.engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    for renderer in running_renderer(tmp_path_factory.mktemp("office"), typst=False):
        yield renderer.engines


def two_sections(first: str, second: str, *, even: bool = False) -> bytes:
    """Two pages of a section whose properties are ``first``, two of ``second``."""
    body = p("甲") + p("乙", f"{_BREAK}<w:sectPr>{first}</w:sectPr>") + p("丙") + p("丁", _BREAK)
    settings = {"settings.xml": _EVEN} if even else {}
    return word_file(body, section=second, parts={**PARTS, **settings})


FILES = {
    "one footer for all": (
        two_sections(_reference("default", "footer1") + PAGE, PAGE),
        ["甲第1", "乙第2", "丙第3", "丁第4"],
    ),
    "numbers begin anew": (
        two_sections(_reference("default", "footer1") + PAGE, PAGE + '<w:pgNumType w:start="1"/>'),
        ["甲第1", "乙第2", "丙第1", "丁第2"],
    ),
    "pages are counted though numbers begin anew": (
        two_sections(_reference("default", "footer4") + PAGE, PAGE + '<w:pgNumType w:start="1"/>'),
        ["甲第4", "乙第4", "丙第4", "丁第4"],
    ),
    "a first page of the second section": (
        two_sections(
            _reference("default", "footer1") + PAGE,
            _reference("first", "footer2") + PAGE + _TITLED,
        ),
        ["甲第1", "乙第2", "丙首页", "丁第4"],
    ),
    "a first page without a footer of its own": (
        two_sections(_reference("default", "footer1") + PAGE + _TITLED, PAGE),
        ["甲", "乙第2", "丙第3", "丁第4"],
    ),
    "even pages": (
        two_sections(
            _reference("default", "footer1") + _reference("even", "footer3") + PAGE,
            PAGE,
            even=True,
        ),
        ["甲第1", "乙双页", "丙第3", "丁双页"],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_typst_prints_each_pages_own(engines: Engines, name: str) -> None:
    docx, pages = FILES[name]
    assert _pages(engines, docx) == pages


@pytest.mark.office
@pytest.mark.parametrize("name", FILES)
def test_libreoffice_prints_the_same(office: Engines, name: str) -> None:
    docx, pages = FILES[name]
    assert _pages(office, docx) == pages


def test_pages_of_one_of_several_sections_are_not_counted() -> None:
    part = {"footer1.xml": _field("SECTIONPAGES")}
    section = _reference("default", "footer1") + PAGE
    one = word_file(p("甲"), section=section, parts=part)
    two = word_file(p("甲", f"<w:sectPr>{section}</w:sectPr>") + p("乙"), parts=part)
    assert unknown_in(one) == ()
    assert {each.construct for each in unknown_in(two)} == {"field SECTIONPAGES"}


def _pages(engines: Engines, docx: bytes) -> list[str]:
    file = engines.convert("test", docx, {}, title="题", dated=date(2026, 3, 5))
    return ["".join(page.split()) for page in file.texts()]
