"""Letters are PDF/A-2a and PDF/UA-1 before and after sealing, and after the archive raised them."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from schemas.documents import NUMBERED, DocumentKind
from tests.building.judges import verdicts
from tests.building.letters import (
    KIND,
    letter,
    raised_letter,
    rendered_letters,
)
from tests.building.levels import renewed
from tests.building.pdfa import faults

pytestmark = [pytest.mark.office, pytest.mark.timeout(400)]

_STATES: dict[str, Callable[[DocumentKind], bytes]] = {
    "rendered": lambda kind: rendered_letters()[kind].content,
    "sealed": letter,
    "raised": raised_letter,
    "renewed": lambda kind: renewed(raised_letter(kind)),
}


@pytest.mark.parametrize("state", _STATES)
@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_a_letter_is_pdf_a_2_by_our_own_reading(kind: DocumentKind, state: str) -> None:
    assert faults(_STATES[state](kind)) == []


@pytest.mark.parametrize("flavour", ["2a", "2b", "ua1"])
def test_verapdf_says_so_too(tmp_path: Path, flavour: str) -> None:
    files = []
    for kind in sorted(NUMBERED):
        for state, make in _STATES.items():
            file = tmp_path / f"{kind.value}-{state.replace(' ', '-')}.pdf"
            file.write_bytes(make(kind))
            files.append(file)
    found = verdicts("verapdf", files, tmp_path, flavour)
    assert {file.name: said for file, said in found.items() if said[0] != "true"} == {}
    assert set(found) == set(files)


def _broken(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(rendered_letters()[KIND].content)) as pdf:
        change(pdf)
        pdf.save(stream)
    return stream.getvalue()


def _unembed(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                if name in item:
                    del item[name]


def _unmap(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
            del item["/ToUnicode"]


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="0")
    pdf.Root.OpenAction = pdf.make_indirect(pdf.Root.OpenAction)


def _hidden_note(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], F=2
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (_unembed, "6.2.11.4"),
        (_unmap, "6.2.11.7"),
        (_script, "6.5.1"),
        (_hidden_note, "6.3.2"),
        (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "6.2.3"),
        (lambda pdf: pdf.Root.__delitem__("/Metadata"), "6.6.2"),
        (lambda pdf: pdf.attachments.__setitem__("a", b"b"), "6.8"),
    ],
    ids=["fonts", "characters", "script", "note", "intent", "metadata", "file"],
)
def test_what_breaks_it_is_found(change: Callable[[pikepdf.Pdf], object], clause: str) -> None:
    assert any(fault.startswith(clause) for fault in faults(_broken(change)))


def _unnamed_seal(pdf: pikepdf.Pdf) -> None:
    (field,) = pdf.Root.AcroForm.Fields
    del field.TU
    del pdf.Root.StructTreeRoot.K[-1].Alt


def _untagged_seal(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K = pikepdf.Array([pdf.Root.StructTreeRoot.K[0]])
    (field,) = pdf.Root.AcroForm.Fields
    del field.StructParent


def _untagged(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


def test_verapdf_misses_what_is_taken_from_the_structure(tmp_path: Path) -> None:
    files = []
    for change in (_unnamed_seal, _untagged_seal, _untagged):
        file = tmp_path / f"{change.__name__}.pdf"
        with pikepdf.open(BytesIO(letter())) as pdf:
            change(pdf)
            pdf.save(file)
        files.append(file)
    assert {said[0] for said in verdicts("verapdf", files, tmp_path, "ua1").values()} == {"false"}
