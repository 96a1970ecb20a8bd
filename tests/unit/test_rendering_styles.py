"""Styles of several templates in one part: all of them, or none where two do not agree."""

import re

import pytest

from rendering.styles import united
from schemas.documents import SERVED, DocumentKind, made_together_with
from templates.catalogue import load
from templates.word import STYLES, WordFile
from tests.building.word_styles import DEFAULTS, NORMAL, style, styles_part

#: goes alone always
ALONE = {DocumentKind.AUDIT_OPINION}


def ids(file: bytes | None) -> list[str]:
    assert file is not None
    return re.findall(r'w:styleId="(\w+)"', file.decode())


def test_each_style_stands_there_once() -> None:
    first = styles_part(NORMAL, style("Title"), style("Slip"))
    second = styles_part(NORMAL, style("Cell"), style("Title"))
    assert ids(united((first, second))) == ["Normal", "Title", "Slip", "Cell"]
    assert ids(united((second, first))) == ["Normal", "Cell", "Title", "Slip"]
    assert ids(united((first, second, styles_part(NORMAL)))) == ["Normal", "Title", "Slip", "Cell"]


def test_what_somebody_types_next_is_no_difference() -> None:
    follows = style("Title", more='<w:next w:val="Text"/>')
    assert ids(united((styles_part(NORMAL, style("Title")), styles_part(NORMAL, follows)))) == [
        "Normal",
        "Title",
    ]


@pytest.mark.parametrize(
    "other",
    [
        styles_part(NORMAL, style("Title", size=44)),
        styles_part(NORMAL, style("Title", attributes=' w:customStyle="1"')),
        styles_part(NORMAL, style("Title", more='<w:basedOn w:val="Normal"/>')),
        # LibreOffice would take the two for one
        styles_part(NORMAL, style("Heading", name="Title")),
        # whose default would it be?
        styles_part(style("Body", attributes=' w:default="1"')),
        styles_part(NORMAL, beside=""),
        styles_part(NORMAL, beside=DEFAULTS.replace("32", "28")),
        styles_part(NORMAL, beside=f"{DEFAULTS}<w:latentStyles/>"),
    ],
)
def test_styles_that_do_not_agree_are_not_united(other: bytes) -> None:
    first = styles_part(NORMAL, style("Title"))
    assert united((first, other)) is None
    assert united((other, first)) is None


def test_those_of_the_letters_that_a_batch_may_hold_and_of_their_form_agree() -> None:
    form = DocumentKind.SERVICE_RECORD
    for kinds in (made_together_with(DocumentKind.STOP_PAYMENT_LETTER), SERVED - ALONE):
        files = [load(kind).docx for kind in sorted({*kinds, form})]
        assert united(tuple(WordFile.read(file).parts[STYLES] for file in files)) is not None
