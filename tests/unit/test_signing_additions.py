"""What PDFBox and the EU's DSS write beside a time stamp is taken as they write it, no further."""

import re
from io import BytesIO

import pikepdf
import pytest

from signing.examination import examine
from tests.building.forging.base import bases
from tests.building.forging.draft import Draft, stamping_draft
from tests.building.sealing import root

_LOOK = (
    b"<< /Type /XObject /Subtype /Form /BBox [0.0 0.0 0.0 0.0] /Length %d %s>>"
    b"\nstream\n%s\nendstream"
)


def _genuine(pdf: bytes) -> bool:
    return examine(pdf, (root(),)).genuine


def _with_look(look: bytes, entry: bytes = b"/AP << /N %d 0 R >>") -> bytes:
    draft = stamping_draft(bases()[0])
    number, field = draft.size - 3, draft.base.size
    draft.put(field, draft.own(field)[:-2] + entry % number + b" >>")
    draft.put(number, look)
    return draft.written()


def test_a_field_may_have_a_look_that_paints_nothing() -> None:
    assert _genuine(_with_look(_LOOK % (0, b"", b"")))


@pytest.mark.parametrize(
    "look",
    [
        _LOOK % (21, b"", b"0 0 99 99 re f 0 g  \n"),
        _LOOK % (0, b"/Resources << >> ", b""),
        (_LOOK % (0, b"", b"")).replace(b"[0.0 0.0", b"[0.0 9.0"),
        (_LOOK % (0, b"", b"")).replace(b"/Form", b"/Image"),
        b"null",
    ],
    ids=["paints", "resources", "extent", "a picture", "none"],
)
def test_a_field_may_have_no_other_look(look: bytes) -> None:
    assert not _genuine(_with_look(look))


@pytest.mark.parametrize(
    "entry", [b"/AP << /D %d 0 R >>", b"/AP << /N %d 0 R /D null >>", b"/AP [%d 0 R]"]
)
def test_a_look_has_one_state(entry: bytes) -> None:
    assert not _genuine(_with_look(_LOOK % (0, b"", b""), entry))


def _seal_again(change: tuple[bytes, bytes]) -> Draft:
    """The seal's field written again, with one thing in it exchanged."""
    draft = stamping_draft(bases()[0])
    with pikepdf.open(BytesIO(draft.base.pdf)) as opened:
        field = opened.Root.AcroForm.Fields[0]
        draft.put(field.objgen[0], field.unparse(resolved=True).replace(*change))
    return draft


def test_the_seal_s_field_may_be_written_again_as_it_was() -> None:
    assert _genuine(_seal_again((b"", b"")).written())


@pytest.mark.parametrize(
    "change",
    [
        (b"/F 132", b"/F 2"),
        (b"(Seal)", b"(Other)"),
        (b"/Rect [ 3", b"/Rect [ 2"),
        (b" >>", b" /X 1 >>"),
    ],
)
def test_the_seal_s_field_may_not_be_changed(change: tuple[bytes, bytes]) -> None:
    draft = _seal_again(change)
    assert draft.written() != _seal_again((b"", b"")).written()
    assert not _genuine(draft.written())


def test_digits_of_a_stamp_are_capital_or_small() -> None:
    pdf = stamping_draft(bases()[0]).written()
    (*_, (start, end)) = (found.span() for found in re.finditer(rb"(?<=/Contents <)[0-9A-F]+", pdf))
    assert _genuine(pdf[:start] + pdf[start:end].lower() + pdf[end:])
    letter = next(place for place in range(start, end) if pdf[place : place + 1].isalpha())
    mixed = pdf[:letter] + pdf[letter : letter + 1].lower() + pdf[letter + 1 :]
    assert not _genuine(mixed)
