"""Every page as GB/T 9704 and a strict clerk ask; and the clerk finds what is wrong."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from rendering.preview import drawn
from rendering.renderer import Renderer
from schemas.documents import NUMBERED, DocumentKind, RenderedPdf
from templates.catalogue import HOME, load
from templates.library import Library
from tests.building.clerk import RULES, faults
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


@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_no_page_of_any_letter_has_a_fault(renderer: Renderer, kind: DocumentKind) -> None:
    template = load(kind)
    sets: dict[str, Mapping[str, Any]] = {"sample": template.sample}
    sets |= {str(number): variation(template, number) for number in range(SETS)}
    found = [
        f"{name}: {rule}: {where}"
        for name, data in sets.items()
        for rule, where in faults(letter(renderer, kind, data))
    ]
    assert found == []


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
}


@pytest.mark.parametrize("rule", _SPOILT)
def test_the_clerk_finds_a_page_that_breaks_a_rule(
    renderer: Renderer, rule: str, tmp_path: Path
) -> None:
    kind, part, change = _SPOILT[rule]
    folder = tmp_path / _AGENCY / kind.value
    folder.mkdir(parents=True)
    (folder / "template.docx").write_bytes(_spoilt(kind, part, change))
    spoilt = Renderer(renderer.engines, library=Library(tmp_path))
    assert rule in {name for name, _ in faults(letter(spoilt, kind, load(kind).sample))}
    assert rule in RULES


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
