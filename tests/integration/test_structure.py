"""What a letter's structure tells those who have it read out (ISO 32000-1, 14.8; ISO 14289-1)."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest

from rendering.pdf import text_of
from schemas.documents import NUMBERED, DocumentKind
from templates.catalogue import load
from tests.building.letters import NUMBER, letter, rendered_letters

pytestmark = pytest.mark.timeout(300)

KINDS = sorted(NUMBERED)


def opened(kind: DocumentKind) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(letter(kind)))


def elements(node: Any) -> Iterator[Any]:
    """The structure elements below ``node``, in the order in which they are read out."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def kinds_of(pdf: pikepdf.Pdf) -> list[str]:
    return [str(each.S) for each in elements(pdf.Root.StructTreeRoot)]


@pytest.mark.parametrize("kind", KINDS)
def test_title_and_language_are_those_of_the_letter(kind: DocumentKind) -> None:
    with opened(kind) as pdf:
        title = f"{load(kind).sample['number']} {load(kind).manifest.name}"
        assert pdf.docinfo["/Title"] == title
        assert title in pdf.Root.Metadata.read_bytes().decode()
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert pdf.Root.Lang == "zh-CN"


@pytest.mark.parametrize("kind", KINDS)
def test_the_title_is_h1_and_headings_are_h2(kind: DocumentKind) -> None:
    with opened(kind) as pdf:
        found = kinds_of(pdf)
        assert "H1" in {each.lstrip("/") for each in found}
        headings = [each for each in found if each.startswith("/H")]
        assert headings[0] == "/H1"
        # a heading is no paragraph's part
        parents = {str(each.P.S) for each in elements(pdf.Root.StructTreeRoot) if each.S == "/H2"}
        assert parents <= {"/Document"}


def test_each_heading_of_an_agreement_is_one() -> None:
    with opened(DocumentKind.DEDUCTION_AGREEMENT) as pdf:
        assert kinds_of(pdf).count("/H2") == 8


def test_the_head_of_a_schedule_has_header_cells_and_signatures_are_no_table() -> None:
    with opened(DocumentKind.DEDUCTION_AGREEMENT) as pdf:
        found = kinds_of(pdf)
        assert found.count("/Table") == 1
        assert found.count("/THead") == 1
        assert found.count("/TH") >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_the_seal_is_read_out_as_what_it_is_behind_the_letter(kind: DocumentKind) -> None:
    with opened(kind) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        tree = pdf.Root.StructTreeRoot
        last = list(elements(tree))[-1]
        assert field.TU == last.Alt == f"电子印章：{NUMBER}"
        assert (str(last.S), last.K.Obj.objgen) == ("/Form", field.objgen)
        numbers = list(tree.ParentTree.Nums)
        parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        assert parents[int(field.StructParent)].objgen == last.objgen
        assert int(tree.ParentTreeNextKey) > max(parents)


def test_ticks_and_rare_characters_are_read_where_they_stand() -> None:
    content = letter(DocumentKind.RECOVERY_NOTICE)
    assert "退还方式1、☑一次性退回" in text_of(content) or "1、☑" in text_of(content)
    rare = load(DocumentKind.ASSISTANCE_REPORT).sample["party_name"]
    sealed = letter(DocumentKind.ASSISTANCE_REPORT)
    assert f"关于{rare}多领" in text_of(sealed)
    with pypdfium2.PdfDocument(sealed) as pdf:
        assert rare in pdf[0].get_textpage().get_text_range()


def test_what_is_rendered_says_its_standards() -> None:
    for rendered in rendered_letters().values():
        assert b"<pdfaid:conformance>A<" in rendered.content
        assert b"<pdfuaid:part>1<" in rendered.content
