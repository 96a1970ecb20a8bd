"""Signatures beside the agency's, seals exchanged, and authorities that pose as another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from signing.certificates import issue
from signing.keys import SigningKey
from signing.sealer import Sealer
from tests.building.attacks.attack import (
    WHITE,
    Attack,
    Change,
    Make,
    bare_and_stamped,
    dictionary,
    drawing,
    name,
    page_of,
    updates,
    variants,
)
from tests.building.letters import KIND, NUMBER, letter, rendered_letters
from tests.building.levels import LATER
from tests.building.sealing import (
    AT,
    NAME,
    YEAR,
    agency_key,
    authority,
    careless,
    seal_picture,
    subject,
)
from tests.building.stamping import revocation_list, stamped, with_data
from tests.building.tampering import signed_again

_BESIDE = ("signatures_unaccounted", "bytes_unaccounted", "update_after_sealing")

_Writer = IncrementalPdfFileWriter


def _signed_again(whose: str, method: str) -> bytes:
    return signed_again(letter(), agency_key(whose), subfilter=method)


def _second() -> Iterator[tuple[str, Make]]:
    for whose in ("theirs", "ours"):
        for method in (
            "/ETSI.CAdES.detached",
            "/adbe.pkcs7.detached",
            "/adbe.x509.rsa_sha1",
            "/ETSI.RFC3161",
            "/Some.Other",
        ):
            yield (
                f"by {whose}, {method}",
                partial(_signed_again, whose, method),
            )


def _visible_field(writer: _Writer) -> Any:
    """A signature field that shows another letter over this one (SSA)."""
    field = dictionary(
        Type="/Annot",
        Subtype="/Widget",
        FT="/Sig",
        T="Approval",
        F=132,
        Rect=[0, 0, 595, 842],
        AP=dictionary(N=drawing(writer, WHITE)),
    )
    page = page_of(writer)
    place = writer.add_object(field)
    page[name("/Annots")] = generic.ArrayObject([*page.get("/Annots", []), place])
    form = writer.root["/AcroForm"]
    form["/Fields"].append(place)
    writer.update_container(form)
    return field


def _field_with(value: dict[str, object] | None) -> Change:
    def change(writer: _Writer) -> None:
        field = _visible_field(writer)
        if value is not None:
            field[name("/V")] = writer.add_object(dictionary(**value))

    return change


def _copied_value(writer: _Writer) -> None:
    """The agency's own signature once more, in a field that shows something else."""
    own = writer.root["/AcroForm"]["/Fields"][0]
    _visible_field(writer)[name("/V")] = own.raw_get("/V")


def _kid(writer: _Writer) -> None:
    own = writer.root["/AcroForm"]["/Fields"][0]
    own[name("/Kids")] = generic.ArrayObject([writer.add_object(dictionary(FT="/Sig", T="x"))])
    writer.update_container(own)


_FIELDS: dict[str, Change] = {
    "an empty field that covers the page": _field_with(None),
    "a field with an empty value": _field_with({"Type": "/Sig"}),
    "a field with a stamp's name": _field_with({"Type": "/DocTimeStamp"}),
    "a field with the agency's own value": _copied_value,
    "an invisible empty field": lambda writer: append_signature_field(writer, SigFieldSpec("Late")),
    "a field inside the seal's own": _kid,
}


def _perms(value: object) -> Change:
    def change(writer: _Writer) -> None:
        writer.root[name("/Perms")] = value
        writer.update_root()

    return change


def _locked(level: int) -> Change:
    """Another DocMDP parameter."""

    def change(writer: _Writer) -> None:
        value = writer.root["/AcroForm"]["/Fields"][0]["/V"]
        value["/Reference"][0]["/TransformParams"][name("/P")] = generic.NumberObject(level)
        writer.update_container(value)

    return change


def _in_place(old: bytes, new: bytes) -> Make:
    def make() -> bytes:
        assert letter().count(old) == 1
        return letter().replace(old, new)

    return make


def _certified() -> Iterator[tuple[str, Make]]:
    changes = {
        "permissions taken away": _perms(generic.DictionaryObject()),
        "permissions of nothing": _perms(dictionary(DocMDP=generic.NullObject())),
        "usage rights": _perms(dictionary(UR3=dictionary(Type="/Sig"))),
        "forms allowed": _locked(2),
        "annotations allowed": _locked(3),
    }
    yield from bare_and_stamped(updates(changes))
    yield "annotations allowed, in place", _in_place(b"/P 1\n", b"/P 3\n")
    yield (
        "no transform, in place",
        _in_place(b"/TransformMethod /DocMDP", b"/TransformMethod /FieldM"),
    )
    yield "permissions misspelt, in place", _in_place(b"/Perms", b"/Perns")


def _widget(writer: _Writer) -> Any:
    own = writer.root["/AcroForm"]["/Fields"][0]
    writer.update_container(own)
    return own


def _other_seal(writer: _Writer) -> None:
    picture = _widget(writer)["/AP"]["/N"]
    picture._data, picture._encoded_data = b"0 0 1 rg 0 0 100 100 re f", None
    if "/Filter" in picture:
        del picture["/Filter"]
    writer.update_container(picture)


def _seal_of_another_name(writer: _Writer) -> None:
    drawing_of = seal_picture("某某区社会保险服务中心").operators()
    _widget(writer)[name("/AP")] = dictionary(N=drawing(writer, drawing_of))


def _seal_moved(writer: _Writer) -> None:
    _widget(writer)[name("/Rect")] = generic.ArrayObject(
        map(generic.NumberObject, (10, 700, 130, 820))
    )


def _seal_hidden(writer: _Writer) -> None:
    _widget(writer)[name("/F")] = generic.NumberObject(2)


def _straddle_erased(writer: _Writer) -> None:
    page = page_of(writer, 1)
    page[name("/Contents")] = page["/Contents"].raw_get(1)


_SEALS: dict[str, Change] = {
    "another picture": _other_seal,
    "the seal of another name": _seal_of_another_name,
    "the seal moved": _seal_moved,
    "the seal hidden": _seal_hidden,
    "the straddle seal erased": _straddle_erased,
}


def _swapped() -> Iterator[tuple[str, Make]]:
    yield from bare_and_stamped(updates(_SEALS))
    yield "one byte of the picture", _picture_byte
    yield "its place, in place", _rect_in_place


def _picture_byte() -> bytes:
    place = letter().rindex(b"/Subtype /Form")
    place = letter().index(b"stream", place) + 20
    return letter()[:place] + bytes([letter()[place] ^ 0x10]) + letter()[place + 1 :]


def _rect_in_place() -> bytes:
    place = letter().rindex(b"/Rect [") + len(b"/Rect [")
    while not letter()[place : place + 1].isdigit():
        place += 1
    digit = b"%d" % ((int(letter()[place : place + 1]) + 1) % 10)
    return letter()[:place] + digit + letter()[place + 1 :]


def _sealed_with(key: SigningKey, *, at: datetime = AT) -> bytes:
    rendered = rendered_letters()[KIND]
    return Sealer(key, seal_picture()).seal(rendered, document_number=NUMBER, at=at).content


def _key_under(issuer: SigningKey) -> SigningKey:
    return issue(subject(NAME), issuer, since=AT - YEAR, until=AT + YEAR)


def _self_signed(*, whole: bool) -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer = authority("ours").certificate.subject if whole else subject(NAME)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject(NAME))
        .issuer_name(issuer)
        .public_key(private.public_key())
        .serial_number(agency_key().certificate.serial_number)
        .not_valid_before(AT - YEAR)
        .not_valid_after(AT + YEAR)
        .sign(private, hashes.SHA256())
    )
    return SigningKey(private=private, certificate=certificate)


def _borrowed_chain() -> SigningKey:
    """Their key, our root beside it."""
    return replace(agency_key("theirs"), issuers=authority("ours").chain)


def _borrowed_certificate() -> SigningKey:
    """Our certificate, their private key."""
    return replace(
        agency_key("theirs"), certificate=agency_key().certificate, issuers=agency_key().issuers
    )


def _impostors() -> Iterator[tuple[str, Make]]:
    yield "a root of the same name", lambda: _sealed_with(agency_key("theirs"))
    yield "under one of our agencies", lambda: _sealed_with(_key_under(agency_key()))
    yield "signed by itself", lambda: _sealed_with(_self_signed(whole=False))
    yield "signed by itself, our root named", lambda: _sealed_with(_self_signed(whole=True))
    yield "our root beside their key", lambda: _sealed_with(_borrowed_chain())
    yield "our certificate over their key", lambda: _sealed_with(_borrowed_certificate())


def _out_of_time() -> Iterator[tuple[str, Make]]:
    early, late = (AT - 2 * YEAR, AT - YEAR), (AT + YEAR, AT + 2 * YEAR)
    yield "expired", lambda: _sealed_with(careless(agency_key("ours", *early)))
    yield "not yet valid", lambda: _sealed_with(careless(agency_key("ours", *late)))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    yield "sealed tomorrow", lambda: _sealed_with(agency_key(), at=tomorrow)
    yield "revoked the day before", lambda: _revoked(AT - timedelta(days=1))
    yield "revoked before the time was proven", lambda: _revoked(AT + timedelta(days=1))


def _revoked(since: datetime) -> bytes:
    known = revocation_list(revoked={agency_key().certificate: since}, at=LATER)
    return stamped(with_data(letter(), lists=(known,)), at=LATER)


def _another_picture() -> Iterator[tuple[str, Make]]:
    """The page's own picture exchanged under the seal."""

    def drawn(writer: _Writer) -> None:
        page_of(writer)[name("/Contents")] = generic.ArrayObject(
            [writer.add_object(generic.StreamObject(stream_data=WHITE))]
        )

    def other_page(writer: _Writer) -> None:
        page_of(writer)[name("/Contents")] = page_of(writer, 1).raw_get("/Contents")

    yield from bare_and_stamped(
        updates({"drawn anew": drawn, "the other page's content": other_page})
    )
    for share in (0.2, 0.4, 0.6):
        yield f"bytes exchanged in place at {share:.0%}", partial(_scrambled, share)


def _scrambled(share: float) -> bytes:
    place = letter().index(b"stream\n", int(share * len(letter()))) + 7
    piece = letter()[place : place + 40]
    return letter()[:place] + piece[::-1] + letter()[place + 40 :]


def attacks() -> Iterator[Attack]:
    yield from variants("second signature", bare_and_stamped(_second()), *_BESIDE)
    yield from variants("sneaky signature field", bare_and_stamped(updates(_FIELDS)), *_BESIDE)
    told = (*_BESIDE, "signature_form_unknown", "changed_after_sealing")
    yield from variants("certification attack", _certified(), *told)
    yield from variants("swapped seal", _swapped(), *told)
    yield from variants("page picture swapped", _another_picture(), *told, "pdf_malformed")
    yield from variants(
        "authority of the same name",
        _impostors(),
        *("signer_untrusted", "signature_invalid", "certificate_usage"),
    )
    yield from variants(
        "certificate out of time",
        _out_of_time(),
        *("certificate_outside_validity", "sealed_in_future", "signer_revoked"),
    )
