"""Every page as GB/T 9704 and a strict clerk ask; and the clerk finds what is wrong."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rendering.preview import drawn
from rendering.renderer import Renderer
from schemas.documents import NUMBERED, DocumentKind, RenderedPdf
from templates.catalogue import HOME, load
from templates.library import Library
from tests.building.clerk import Row, read
from tests.building.page_rules import RULES, faults
from tests.building.renderers import running_renderer
from tests.building.variations import variation

pytestmark = pytest.mark.timeout(3600)

#: data sets of each kind beside its sample; the long form has all
SETS = int(os.environ.get("HANYIN_TEST_PAGES", "4"))
_AGENCY = "430111"
Change = Callable[[str], str]


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("typeset"))


def letter(renderer: Renderer, kind: DocumentKind, data: Mapping[str, Any]) -> RenderedPdf:
    made = drawn(renderer, kind, data, agency=_AGENCY)
    assert isinstance(made, RenderedPdf)
    return made


#: a part of a kind's data sets: a run that was ended goes on where it was
_PART = 20


@pytest.mark.parametrize("first", range(0, SETS, _PART))
@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_no_page_of_any_letter_has_a_fault(
    renderer: Renderer, kind: DocumentKind, first: int
) -> None:
    template = load(kind)
    sets: dict[str, Mapping[str, Any]] = {} if first else {"sample": template.sample}
    numbers = range(first, min(first + _PART, SETS))
    sets |= {str(number): variation(template, number) for number in numbers}
    found = [
        f"{name}: {rule}: {where}"
        for name, data in sets.items()
        for rule, where in faults(letter(renderer, kind, data))
    ]
    assert found == []


def test_the_table_in_the_docs_is_of_these_rules_and_has_no_fault() -> None:
    words = Path("docs/letters.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in words.splitlines() if line.startswith("| ")]
    found = {row[0]: row[-1] for row in rows if row[0] in RULES}
    assert list(found) == list(RULES)
    assert set(found.values()) == {"0"}


def _replaced(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


_STYLES, _BODY = "word/styles.xml", "word/document.xml"
_PHONE = (
    '<w:p><w:pPr><w:pStyle w:val="IssueDate"/></w:pPr>'
    "<w:r><w:t>{{ contact_phone }}</w:t></w:r></w:p>"
)


def _with_a_telephone_below_the_date(text: str) -> str:
    end = text.index("</w:p>", text.index('w:name="seal_to"')) + len("</w:p>")
    return text[:end] + _PHONE + text[end:]


def _without(style: str, *elements: str) -> Change:
    def change(text: str) -> str:
        start = text.index(f'w:styleId="{style}"')
        end = text.index("</w:style>", start)
        own = text[start:end]
        for element in elements:
            assert element in own
            own = own.replace(element, "")
        return text[:start] + own + text[end:]

    return change


def _torn_after_a_line(text: str) -> str:
    """The first line of the findings' paragraph is alone, the others are on a page of their own."""
    torn = "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>"
    end = text.index("</w:p>", text.index("{{ findings }}")) + len("</w:p>")
    return text[:end] + torn % ("经核实" * 30) + text[end:]


#: the rule → how a sound letter is spoilt
_SPOILT: dict[str, tuple[DocumentKind, str, Change]] = {
    "inside the type area": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced('w:right="1474"', 'w:right="1134"'),
    ),
    "28 characters a line": (
        DocumentKind.RESUMPTION_NOTICE,
        _STYLES,
        _replaced('<w:spacing w:val="-5"/>', ""),
    ),
    "22 lines a page": (
        DocumentKind.RESUMPTION_NOTICE,
        _STYLES,
        _replaced('w:line="579"', 'w:line="560"'),
    ),
    "page number 7 mm below": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced('w:footer="1417"', 'w:footer="1247"'),
    ),
    "date with four characters' room": (
        DocumentKind.RESUMPTION_NOTICE,
        _STYLES,
        _replaced('<w:ind w:left="2505"/>', '<w:ind w:left="2105"/>'),
    ),
    "name centred on the date": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced("{{ signature }}", "　　{{ signature }}"),
    ),
    "no title of one character": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced("恢复待遇发放通知", "关于恢复发放社会保险各项待遇有关情况之通知"),
    ),
    "text over the seal": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced(
            '<w:pStyle w:val="Signature"/>', '<w:pStyle w:val="Signature"/><w:pageBreakBefore/>'
        ),
    ),
    "nothing under the seal": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _with_a_telephone_below_the_date,
    ),
    "attachments one line below": (
        DocumentKind.DEDUCTION_AGREEMENT,
        _BODY,
        _replaced('<w:spacing w:before="579"/>', ""),
    ),
    "page number at the outer edge": (
        DocumentKind.STOP_PAYMENT_LETTER,
        "word/settings.xml",
        _replaced("<w:evenAndOddHeaders/>", ""),
    ),
    "date in a line of its own": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced(">{{ issued_on }}</w:t>", ">印发：{{ issued_on }}</w:t>"),
    ),
    "no few characters of a name": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced(">{{ signature_rest }}</w:t>", ">{{ signature_rest }}管理中心</w:t>"),
    ),
    "no line of a paragraph alone": (DocumentKind.ASSISTANCE_REPORT, _BODY, _torn_after_a_line),
    "no heading at a page's end": (
        DocumentKind.ASSISTANCE_REPORT,
        _STYLES,
        _without("Head1", "<w:keepNext/>"),
    ),
    "no row cut in two": (
        DocumentKind.RECOVERY_NOTICE,
        _BODY,
        _replaced('<w:cantSplit/><w:trHeight w:val="1100"', '<w:trHeight w:val="1100"'),
    ),
    "labels again on the next page": (
        DocumentKind.RECOVERY_NOTICE,
        _BODY,
        _replaced('<w:vMerge w:val="restart"/>', ""),
    ),
    "no line pulled apart": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced("您多领的", "您多领的" * 5 + "1" * 40),
    ),
    "receipt in one piece": (
        DocumentKind.STOP_PAYMENT_LETTER,
        _STYLES,
        _without("Slip", "<w:keepNext/>"),
    ),
    "receipt's lines whole": (
        DocumentKind.STOP_PAYMENT_LETTER,
        _BODY,
        _replaced("{{ number }}于", "{{ number }}（第一号）于"),
    ),
    "one page where all fits": (
        DocumentKind.RESUMPTION_NOTICE,
        _BODY,
        _replaced('<w:pStyle w:val="CutLine"/>', '<w:pStyle w:val="CutLine"/><w:pageBreakBefore/>'),
    ),
}

#: the rule → the sample with texts of each length, one of which meets a page's end
_LENGTHS: dict[str, tuple[str, Sequence[int]]] = {
    "no heading at a page's end": ("facts", range(0, 24 * 28, 28)),
    "no row cut in two": ("facts", (1100,)),
    "no line of a paragraph alone": ("findings", (3,)),
    "labels again on the next page": ("facts", range(0, 400, 30)),
    "receipt in one piece": ("contact_address", range(20, 24 * 28, 28)),
}


def _samples(kind: DocumentKind, rule: str) -> Iterator[Mapping[str, Any]]:
    sample = dict(load(kind).sample)
    if rule == "labels again on the next page":
        sample["overpayments"] = list(sample["overpayments"]) * 20
    name, lengths = _LENGTHS.get(rule, ("", (0,)))
    for length in lengths:
        yield sample | ({name: "经" * length} if name else {})


@pytest.mark.parametrize("rule", _SPOILT)
def test_the_clerk_finds_a_page_that_breaks_a_rule(
    renderer: Renderer, rule: str, tmp_path: Path
) -> None:
    kind, part, change = _SPOILT[rule]
    folder = tmp_path / _AGENCY / kind.value
    folder.mkdir(parents=True)
    (folder / "template.docx").write_bytes(_spoilt(kind, part, change))
    spoilt = Renderer(renderer.engines, library=Library(tmp_path))
    assert any(
        rule in {name for name, _ in faults(letter(spoilt, kind, data))}
        for data in _samples(kind, rule)
    )


def test_the_clerk_finds_a_row_alone(renderer: Renderer) -> None:
    sound = read(
        letter(
            renderer, DocumentKind.RESUMPTION_NOTICE, load(DocumentKind.RESUMPTION_NOTICE).sample
        )
    )
    head, body = Row(pages=(0,), header=True), Row(pages=(1,), header=False)
    for rows in ((head, body, body), (*[Row(pages=(0,), header=False)] * 3, body)):
        assert list(RULES["no row of a table alone"](replace(sound, tables=(rows,))))


def test_each_rule_has_a_page_that_breaks_it() -> None:
    assert {*_SPOILT, "no row of a table alone"} == set(RULES)


def _spoilt(kind: DocumentKind, part: str, change: Change) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(HOME / kind.value / "template.docx") as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        for info in old.infolist():
            content = old.read(info)
            new.writestr(
                info, change(content.decode()).encode() if info.filename == part else content
            )
    return made.getvalue()
