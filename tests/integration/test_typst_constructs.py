"""What a template may hold, tried construct by construct; the table in docs/letters.md."""

import contextlib
import ctypes
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from rendering.engines import Engines
from rendering.filling import require_harmless
from rendering.pdf import PdfFile, text_of
from rendering.typst.compiler import compile_template, unknown_in
from schemas.errors import Misconfigured
from templates.outside import reaching_out
from templates.word import WordFile
from tests.building.constructs import CONSTRUCTS, Construct
from tests.building.origins import origins
from tests.building.pdfa import faults
from tests.building.renderers import running_renderer
from tests.building.word_files import PAGE, p, word_file
from tests.constructs_table import table

pytestmark = pytest.mark.timeout(300)

MADE = [each for each in CONSTRUCTS if not each.refused]
REFUSED = [each for each in CONSTRUCTS if each.refused]
FORBIDDEN = [each for each in CONSTRUCTS if each.forbidden]
ALLOWED = [each for each in CONSTRUCTS if not each.forbidden]
DAY = date(2026, 3, 5)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    for renderer in running_renderer(tmp_path_factory.mktemp("office"), typst=False):
        yield renderer.engines


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    for renderer in running_renderer(tmp_path_factory.mktemp("typst")):
        yield renderer.engines


def made(engines: Engines, docx: bytes, **data: object) -> PdfFile:
    return engines.convert("test", docx, data, title="题", dated=DAY)


@pytest.mark.parametrize("construct", MADE, ids=lambda each: each.name_en)
def test_typst_prints_it_as_pdf_a(engines: Engines, construct: Construct) -> None:
    file = made(engines, construct.docx, **construct.data)
    assert file.marks is not None, "it went by LibreOffice"
    assert text_of(file.content) == construct.prints
    assert faults(file.content) == []


@pytest.mark.parametrize("construct", REFUSED, ids=lambda each: each.name_en)
def test_what_typst_is_not_told_of_is_named_with_its_place(construct: Construct) -> None:
    for found in unknown_in(construct.docx):
        assert found.construct == construct.refused
        assert found.place.part == "word/document.xml"
        assert all(construct.refused in sentence for sentence in found.sentences)
    assert unknown_in(construct.docx)


@pytest.mark.parametrize("construct", FORBIDDEN, ids=lambda each: each.name_en)
def test_what_no_letter_may_hold_is_named_by_lint_and_reaches_no_engine(
    construct: Construct,
) -> None:
    faults_found = list(reaching_out(WordFile.read(construct.docx)))
    assert construct.forbidden in {fault.rule for fault in faults_found}
    with pytest.raises(Misconfigured):
        require_harmless("test", construct.docx)


@pytest.mark.parametrize("construct", ALLOWED, ids=lambda each: each.name_en)
def test_lint_finds_nothing_wrong_with_it(construct: Construct) -> None:
    assert list(reaching_out(WordFile.read(construct.docx))) == []


@pytest.mark.office
@pytest.mark.parametrize("construct", ALLOWED, ids=lambda each: each.name_en)
def test_libreoffice_prints_it_too_and_where_typst_does(
    engines: Engines, office: Engines, construct: Construct
) -> None:
    other = made(office, construct.docx, **construct.data)
    assert Counter(text_of(other.content)) == Counter(construct.office_prints or construct.prints)
    if not construct.refused:
        file = made(engines, construct.docx, **construct.data)
        assert len(file.pages) == len(other.pages)
        ours, theirs = origins(file), origins(other)
        apart = {
            letter: (ours[letter][0] - theirs[letter][0], ours[letter][1] - theirs[letter][1])
            for letter in ours.keys() & theirs.keys()
        }
        assert {k: v for k, v in apart.items() if max(map(abs, v)) > construct.close} == {}


def test_the_table_in_the_docs_is_the_one_that_is_tried() -> None:
    assert table() in Path("docs/letters.md").read_text(encoding="utf-8")


def _first(file: PdfFile, text: str) -> tuple[float, float]:
    """Left end of its baseline of the first character of ``text``, points."""
    page = pypdfium2.PdfDocument(file.content)[0].get_textpage()
    index, _ = page.search(text).get_next()
    x, y = ctypes.c_double(), ctypes.c_double()
    assert pypdfium2.raw.FPDFText_GetCharOrigin(page, index, x, y)
    return x.value, y.value


def test_before_and_after_add_up_and_lines_are_as_high_as_they_are_set(engines: Engines) -> None:
    exact = '<w:spacing w:line="560" w:lineRule="exact" w:before="100" w:after="200"/>'
    file = made(engines, word_file(p("甲", exact) + p("乙", exact)))
    (_, first), (_, second) = _first(file, "甲"), _first(file, "乙")
    assert first - second == pytest.approx(28 + 10 + 5, abs=0.1)


def test_a_grid_sets_lines_and_characters(engines: Engines) -> None:
    grid = PAGE + '<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-839"/>'
    file = made(engines, word_file(p("甲丙") + p("乙"), section=grid))
    (left, first), (_, second), (right, _) = (_first(file, each) for each in "甲乙丙")
    assert first - second == pytest.approx(28.95, abs=0.1)
    assert right - left == pytest.approx(16 - 839 / 4096, abs=0.05)


def test_a_row_and_a_paragraph_higher_than_a_page_are_cut_and_nothing_is_lost(
    engines: Engines,
) -> None:
    whole = "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr/>" + p("{{ a }}") + "</w:tc></w:tr>"
    rows = f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="8000"/></w:tblGrid>{whole}</w:tbl>'
    file = made(
        engines, word_file(rows + p("{{ b }}", "<w:keepLines/>")), a="甲" * 3000, b="乙" * 3000
    )
    assert (text_of(file.content).count("甲"), text_of(file.content).count("乙")) == (3000, 3000)
    assert _outside(file) == 0


def _merged_rows(count: int) -> str:
    cell = "<w:tc><w:tcPr>%s</w:tcPr>%s</w:tc>"
    rows = [
        "<w:tr>"
        + cell
        % ('<w:vMerge w:val="restart"/>' if n == 0 else "<w:vMerge/>", p("标" if n == 0 else ""))
        + cell % ("", p(f"行{n}"))
        + "</w:tr>"
        for n in range(count)
    ]
    grid = '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="6000"/></w:tblGrid>'
    return f"<w:tbl><w:tblPr/>{grid}{''.join(rows)}</w:tbl>"


def test_what_a_cell_over_several_rows_says_is_on_each_page_that_they_go_on_to(
    engines: Engines,
) -> None:
    file = made(engines, word_file(_merged_rows(70)))
    pages = list(file.texts())
    assert len(pages) > 2
    assert [page.count("标") for page in pages] == [1] * len(pages)
    assert "".join(pages).count("行") == 70


def test_rows_keep_one_another_company(engines: Engines) -> None:
    cell = "<w:tr><w:tc><w:tcPr/>%s</w:tc></w:tr>"
    grid = '<w:tblPr/><w:tblGrid><w:gridCol w:w="8000"/></w:tblGrid>'
    for before in range(22, 34):
        table = "".join(cell % p(f"行{n}") for n in range(4))
        file = made(engines, word_file(p("前") * before + f"<w:tbl>{grid}{table}</w:tbl>"))
        assert {page.count("行") for page in file.texts()} <= {0, 2, 4}, before


@pytest.mark.parametrize(("signs", "said", "width"), [(120, "", 700), (0, "甲" * 900, 8000)])
def test_a_short_text_in_a_narrow_cell_and_the_templates_own_are_not_lost(
    engines: Engines, signs: int, said: str, width: int
) -> None:
    cells = f"<w:tc><w:tcPr/>{p(said + '{{ a }}')}</w:tc>"
    row = f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    rows = f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>{row}</w:tbl>'
    file = made(engines, word_file(rows + p("乙")), a="甲" * signs)
    assert text_of(file.content).count("甲") == signs + len(said)
    assert _outside(file) == 0


def _outside(file: PdfFile) -> int:
    """Characters that are not on their page's paper."""
    count = 0
    for page in pypdfium2.PdfDocument(file.content):
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            count += right > left and not (
                0 <= left < right <= width and 50 < bottom < top < height
            )
    return count


def _tabbed(leader: str, run: str = "") -> bytes:
    stop = f'<w:tabs><w:tab w:val="left" w:leader="{leader}" w:pos="4000"/></w:tabs>'
    body = f"<w:p><w:pPr>{stop}</w:pPr><w:r><w:t>甲</w:t></w:r><w:r><w:rPr>{run}</w:rPr><w:tab/>"
    return word_file(f"{body}</w:r><w:r><w:t>乙</w:t></w:r></w:p>")


@pytest.mark.parametrize(("leader", "sign"), [("dot", "."), ("middleDot", "·"), ("hyphen", "-")])
def test_a_tab_is_filled_with_signs(engines: Engines, leader: str, sign: str) -> None:
    text = text_of(made(engines, _tabbed(leader)).content)
    assert text.strip("甲乙").strip(sign) == ""
    assert text.count(sign) > 10


@pytest.mark.parametrize(
    ("leader", "run"),
    [("underscore", ""), ("heavy", ""), ("none", '<w:u w:val="single"/>')],
)
def test_a_tab_is_a_line_to_write_on(engines: Engines, leader: str, run: str) -> None:
    page = pypdfium2.PdfDocument(made(engines, _tabbed(leader, run)).content)[0]
    kind = pypdfium2.raw.FPDF_PAGEOBJ_PATH
    (line,) = [each.get_bounds() for each in page.get_objects() if each.type == kind]
    left, bottom, right, top = line
    # from behind the first letter to the stop, 200 points from the margin
    assert left == pytest.approx(79.35 + 16, abs=2)
    assert right == pytest.approx(79.35 + 200, abs=2)
    assert top - bottom < 5


def test_values_print_as_they_are(engines: Engines) -> None:
    hostile = '#read("/etc/passwd") \\u{41} $x$ @a <b> *c* _d_ `e` "f" // g /* h */ [i] {j} = k'
    docx = word_file(p("{{ a }}") + p("{{ a }}", "", '<w:u w:val="single"/>'))
    file = made(engines, docx, a=hostile)
    assert text_of(file.content) == "".join(hostile.split()) * 2


def test_a_line_break_in_a_value_is_a_new_paragraph(engines: Engines) -> None:
    indented = '<w:ind w:firstLineChars="200"/>'
    file = made(engines, word_file(p("{{ a }}", indented)), a="甲一\n乙一")
    (one, first), (two, second) = _first(file, "甲一"), _first(file, "乙一")
    assert one == pytest.approx(two, abs=0.1)
    assert first > second


def test_the_text_of_a_template_is_no_source() -> None:
    text = '#import "@preview/a:1.0.0" \\ "'
    source = compile_template(word_file(p(text))).source
    assert '"#import \\"@preview/a:1.0.0\\" \\\\ \\""' in source


@pytest.mark.parametrize(
    "words",
    [
        "{{ a | upper }}",
        "{{ a.b.c() }}",
        "{% for x in range(3) %}{% endfor %}",
        "{% if a == 1 %}{% endif %}",
        "{% set a = 1 %}",
        "{% if a %}",
        "{%- if a %}{% endif %}",
    ],
)
def test_more_of_jinja_than_lint_allows_goes_by_libreoffice_or_is_broken(words: str) -> None:
    # a ValueError: docxtpl or Jinja cannot read it either
    with contextlib.suppress(ValueError):
        assert unknown_in(word_file(p(words)))
