"""What sealing adds to a file, and that it leaves the rest of it alone."""

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
from asn1crypto import cms

from schemas.documents import RenderedPdf, SealSpot
from schemas.errors import ProductionFailed
from signing.examination import examine
from signing.keys import SigningKey
from signing.seal import MM, Seal
from signing.sealer import Sealer
from tests.building.paper import AGENCY
from tests.building.sealing import (
    AT,
    NAME,
    NUMBER,
    YEAR,
    agency_key,
    authority,
    elliptic_key,
    fonts,
    plain_pdf,
    rendered,
    root,
    sealed,
    sealer,
)
from tests.building.tampering import good, room, signed_again


def _opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def _signature(pdf: pikepdf.Pdf) -> Any:
    (field,) = pdf.Root.AcroForm.Fields
    return field.V


def _container() -> cms.SignedData:
    first, last = room()
    return cms.ContentInfo.load(bytes.fromhex(good()[first:last].decode("ascii")))["content"]


def test_the_result_says_what_was_made() -> None:
    result = sealed(3)
    assert result.sha256 == hashlib.sha256(result.content).hexdigest()
    assert (result.pages, result.sealed_at) == (3, AT)
    assert result.certificate_subject == f"CN={NAME}"
    assert result.certificate_serial == str(agency_key().certificate.serial_number)


def test_the_rendered_bytes_stand_first_unchanged() -> None:
    assert good().startswith(plain_pdf())


def test_the_time_has_whole_seconds_as_the_file_says_it() -> None:
    at = AT + timedelta(microseconds=999_999)
    assert sealer().seal(rendered(), document_number=NUMBER, at=at).sealed_at == AT


def test_a_time_without_zone_is_a_defect() -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        sealer().seal(rendered(), document_number=NUMBER, at=naive)


def test_the_signature_certifies_and_allows_no_change() -> None:
    with _opened(good()) as pdf:
        value = _signature(pdf)
        (reference,) = value.Reference
        assert reference.TransformMethod == "/DocMDP"
        assert reference.TransformParams.P == 1
        assert pdf.Root.Perms.DocMDP == value
        assert pdf.Root.AcroForm.SigFlags == 3
        assert set(pdf.Root.Perms.keys()) == {"/DocMDP"}


def test_the_dictionary_is_that_of_pades_b_b() -> None:
    with _opened(good()) as pdf:
        value = _signature(pdf)
        assert value.SubFilter == "/ETSI.CAdES.detached"
        assert value.Filter == "/Adobe.PPKLite"
        assert str(value.Reason) == f"签发 {NUMBER}"
        assert "/Cert" not in value
        assert str(value.M).startswith("D:20260305010203")
        start, first, second, last = (int(number) for number in value.ByteRange)
    assert (start, second + last) == (0, len(good()))
    assert good()[first : first + 1] == b"<"
    assert good()[second - 1 : second] == b">"


def test_the_container_is_that_of_cades_with_the_whole_chain() -> None:
    signed = _container()
    (signer,) = signed["signer_infos"]
    assert {attribute["type"].native for attribute in signer["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
        "cms_algorithm_protection",
    }
    serials = {choice.chosen.serial_number for choice in signed["certificates"]}
    assert serials == {link.serial_number for link in agency_key().chain}
    assert len(serials) == 2


def test_the_widget_prints_and_its_picture_is_ink_without_a_font() -> None:
    with _opened(good()) as pdf:
        (widget,) = pdf.pages[0].Annots
        assert int(widget.F) & 0b100  # Print
        assert not int(widget.F) & 0b100011  # Invisible, Hidden, NoView
        assert set(widget.AP.keys()) == {"/N"}
        form = widget.AP.N
        assert list(form.Resources.keys()) == ["/ExtGState"]
        assert form.Resources.ExtGState.Ink.BM == "/Multiply"
        assert "/Group" not in form
        assert form.Subtype == "/Form"
        assert b" rg" in form.read_bytes()


def test_the_seal_stands_with_its_centre_on_the_spot_in_its_own_size() -> None:
    with _opened(good()) as pdf:
        left, bottom, right, top = (float(x) for x in pdf.pages[0].Annots[0].Rect)
    assert ((left + right) / 2, (bottom + top) / 2) == pytest.approx((400, 300), abs=0.01)
    assert (right - left) / MM == pytest.approx(42, abs=0.01)
    assert (top - bottom) / MM == pytest.approx(42, abs=0.01)


def test_what_readers_show_at_the_spot_is_red() -> None:
    document = pypdfium2.PdfDocument(good())
    document.init_forms()
    picture = document[0].render(scale=1, may_draw_forms=True).to_pil().convert("RGB")
    document.close()
    red, green, blue = picture.getpixel((400, 842 - 300))
    assert red > 180
    assert max(green, blue) < 80


def test_metadata_and_text_stay_as_they_were() -> None:
    with _opened(plain_pdf(2)) as before, _opened(sealed(2).content) as after:
        assert after.Root.get("/Metadata") == before.Root.get("/Metadata")
        assert after.trailer.get("/Info") == before.trailer.get("/Info")
        first_id = next(bytes(part) for part in before.trailer.ID)
        assert bytes(after.trailer.ID[0]) == first_id
    assert _texts(sealed(2).content) == _texts(plain_pdf(2))


def test_the_structure_is_the_same_every_time() -> None:
    again = sealer().seal(rendered(), document_number=NUMBER, at=AT).content
    assert len(again) == len(good())
    shape = re.compile(rb"/Contents <[0-9A-F]+>|/ID \[[^]]*\]")
    assert shape.sub(b"", again) == shape.sub(b"", good())


def test_one_sealer_seals_many() -> None:
    desk = sealer()
    for number in ("1", "2", "3"):
        content = desk.seal(rendered(), document_number=number, at=AT).content
        assert examine(content, [root()]).number == number


def test_an_elliptic_key_seals_as_well() -> None:
    content = sealer(elliptic_key()).seal(rendered(), document_number=NUMBER, at=AT).content
    assert examine(content, [root()]).genuine


def test_the_agency_s_sealer_draws_the_agency_s_seal() -> None:
    desk = Sealer.of(AGENCY, agency_key(), fonts=fonts())
    content = desk.seal(rendered(), document_number=NUMBER, at=AT).content
    with _opened(content) as pdf:
        drawn = pdf.pages[0].Annots[0].AP.N.read_bytes()
    assert Seal.of(AGENCY, fonts()).operators() in drawn


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (AT - 2 * YEAR, AT - timedelta(seconds=1), "certificate_expired"),
        (AT + timedelta(seconds=1), AT + YEAR, "certificate_not_yet_valid"),
    ],
)
def test_an_invalid_certificate_seals_nothing(since: datetime, until: datetime, code: str) -> None:
    with pytest.raises(ProductionFailed) as caught:
        sealer(agency_key(since=since, until=until)).seal(rendered(), document_number=NUMBER, at=AT)
    assert caught.value.problem.code == code
    assert NAME in caught.value.problem.message


def test_an_expired_root_seals_nothing() -> None:
    with pytest.raises(ProductionFailed) as caught:
        sealer(agency_key(until=AT + 30 * YEAR)).seal(
            rendered(), document_number=NUMBER, at=AT + 20 * YEAR
        )
    assert caught.value.problem.code == "certificate_expired"


@pytest.mark.parametrize(("x", "y"), [(59, 300), (400, 59), (537, 300), (400, 783), (-9, -9)])
def test_a_seal_that_would_reach_over_the_edge_is_refused(x: float, y: float) -> None:
    with pytest.raises(ProductionFailed) as caught:
        sealer().seal(rendered(1, SealSpot(page=0, x=x, y=y)), document_number=NUMBER, at=AT)
    assert caught.value.problem.code == "seal_off_page"


@pytest.mark.parametrize("page", [1, 5])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    spot = SealSpot(page=page, x=400, y=300)
    with pytest.raises(ProductionFailed) as caught:
        sealer().seal(rendered(1, spot), document_number=NUMBER, at=AT)
    assert caught.value.problem.code == "pdf_not_sealable"


def _encrypted() -> bytes:
    stream = BytesIO()
    with _opened(plain_pdf()) as pdf:
        pdf.save(stream, encryption=pikepdf.Encryption(owner="o", user=""))
    return stream.getvalue()


def _turned() -> bytes:
    stream = BytesIO()
    with _opened(plain_pdf()) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        plain_pdf()[:-200],
        plain_pdf(2),
        good(),
        signed_again(plain_pdf(), agency_key()),
        _encrypted(),
        _turned(),
    ],
    ids=["empty", "head", "cut", "other count", "sealed", "signed", "encrypted", "turned"],
)
def test_a_file_of_another_form_is_refused(content: bytes) -> None:
    spot = SealSpot(page=0, x=400, y=300)
    with pytest.raises(ProductionFailed) as caught:
        sealer().seal(
            RenderedPdf(content=content, pages=1, seal_at=spot), document_number=NUMBER, at=AT
        )
    assert caught.value.problem.code == "pdf_not_sealable"


def test_the_crop_box_is_the_page_that_counts() -> None:
    stream = BytesIO()
    with _opened(plain_pdf()) as pdf:
        pdf.pages[0].CropBox = pikepdf.Array([0, 0, 420, 420])
        pdf.save(stream)
    spot = SealSpot(page=0, x=400, y=300)
    with pytest.raises(ProductionFailed) as caught:
        sealer().seal(
            RenderedPdf(content=stream.getvalue(), pages=1, seal_at=spot),
            document_number=NUMBER,
            at=AT,
        )
    assert caught.value.problem.code == "seal_off_page"


def test_a_long_chain_has_room() -> None:
    key = agency_key()
    long = replace(key, issuers=(*key.issuers, *(authority(str(n)).certificate for n in range(4))))
    assert isinstance(long, SigningKey)
    content = sealer(long).seal(rendered(), document_number="号" * 200, at=AT).content
    assert content.startswith(plain_pdf())


def _texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts
