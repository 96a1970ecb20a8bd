"""Renditions attacked: time stamps of others, validation data that is none, containers filled."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache, partial
from typing import Any

from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.running import run
from tests.building.attacks.attack import (
    WHITE,
    Attack,
    Change,
    Make,
    dictionary,
    drawing,
    name,
    page_of,
    signature_room,
    updated,
    variants,
)
from tests.building.letters import KIND, letter, raised_letter, rendered_letters
from tests.building.levels import LATER, full_data, sealed_at_level
from tests.building.sealing import AT, agency_key, sealer
from tests.building.stamping import (
    response,
    revocation_list,
    stamp_key,
    stamped,
    stamper,
    with_data,
)
from tests.building.tampering import signed_again

_STAMPS = (
    "time_stamp_invalid",
    "time_stamp_untrusted",
    "time_contradicted",
    "signatures_unaccounted",
    "bytes_unaccounted",
    "update_after_sealing",
    "pdf_malformed",
)
_LAST = re.compile(rb"/Contents <([0-9A-F]+)>")

_Writer = IncrementalPdfFileWriter


def _rooms(pdf: bytes) -> list[tuple[int, int]]:
    """Offsets of the digits of every signature value, in order."""
    return [found.span(1) for found in _LAST.finditer(pdf)]


def _with_value(pdf: bytes, room: tuple[int, int], value: bytes) -> bytes:
    digits = value.hex().upper().encode("ascii")
    assert len(digits) <= room[1] - room[0]
    return pdf[: room[0]] + digits.ljust(room[1] - room[0], b"0") + pdf[room[1] :]


def _value(pdf: bytes, room: tuple[int, int]) -> bytes:
    info = cms.ContentInfo.load(bytes.fromhex(pdf[room[0] : room[1]].decode("ascii")))
    value: bytes = info.dump()
    return value


def _transplanted() -> bytes:
    """The closing stamp of another letter."""
    other = stamped(with_data(_other(), certificates=agency_key().chain), at=LATER)
    return _with_value(
        raised_letter(), _rooms(raised_letter())[-1], _value(other, _rooms(other)[-1])
    )


@cache
def _other() -> bytes:
    return sealer().seal(rendered_letters()[KIND], document_number="另号", at=AT).content


def _agency_in_place_of_a_stamp() -> bytes:
    """A document time stamp that an agency's key signed."""
    return stamped(letter(), at=LATER, key=agency_key())


def _flipped(room: int, share: float) -> Make:
    def make() -> bytes:
        pdf = bytearray(raised_letter())
        first, last = _rooms(raised_letter())[room]
        used = len(_value(raised_letter(), (first, last))) * 2
        pdf[first + int(share * used)] ^= 1
        return bytes(pdf)

    return make


def _change_then_stamp(change: Change) -> Make:
    return lambda: stamped(updated(raised_letter(), change), at=LATER + timedelta(days=1))


def _cover_in_data(writer: _Writer) -> None:
    """What is said to be a certificate is a page's content."""
    stream = writer.add_object(generic.StreamObject(stream_data=WHITE))
    writer.root["/DSS"]["/Certs"].append(stream)
    writer.update_container(writer.root["/DSS"])


def _more_in_data(writer: _Writer) -> None:
    writer.root["/DSS"][name("/Hidden")] = drawing(writer, WHITE)
    writer.update_container(writer.root["/DSS"])


def _certificate_of(change: Callable[[Any], None]) -> Change:
    """A certificate that is one, in a stream that is more than that."""

    def work(writer: _Writer) -> None:
        der = agency_key("theirs").certificate.public_bytes(Encoding.DER)
        stream = generic.StreamObject(stream_data=der)
        change(stream)
        writer.root["/DSS"]["/Certs"].append(writer.add_object(stream))
        writer.update_container(writer.root["/DSS"])

    return work


def _data_taken_away(writer: _Writer) -> None:
    del writer.root["/DSS"]
    writer.update_root()


def _lists_taken_away(writer: _Writer) -> None:
    del writer.root["/DSS"]["/CRLs"]
    writer.update_container(writer.root["/DSS"])


def _index_of_a_page(writer: _Writer) -> None:
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    entry = dictionary(Cert=[page])
    writer.root["/DSS"][name("/VRI")] = dictionary(**{"A" * 40: entry})
    writer.update_container(writer.root["/DSS"])


def _stamp_shown(writer: _Writer) -> None:
    """The archive's invisible field is made to show something."""
    field = writer.root["/AcroForm"]["/Fields"][-1]
    field[name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    field[name("/AP")] = dictionary(N=drawing(writer, WHITE))
    writer.update_container(field)


def _note(writer: _Writer) -> None:
    page = page_of(writer)
    note = dictionary(Type="/Annot", Subtype="/Stamp", Rect=[0, 0, 9, 9])
    page[name("/Annots")] = generic.ArrayObject([*page["/Annots"], writer.add_object(note)])


_ON_RENDITIONS: dict[str, Change] = {
    "content as a certificate": _cover_in_data,
    "a picture beside the data": _more_in_data,
    "a certificate that is a form": _certificate_of(
        lambda stream: stream.update(dictionary(Type="/XObject", Subtype="/Form"))
    ),
    "data taken away": _data_taken_away,
    "lists taken away": _lists_taken_away,
    "an index that names a page": _index_of_a_page,
    "the stamp's field made visible": _stamp_shown,
    "a note": _note,
}


def _on_raised(change: Change) -> bytes:
    return updated(raised_letter(), change)


#: validation data of somebody else, where no signature covers it
_BEHIND: dict[str, Callable[[], dict[str, Any]]] = {
    "the sealing key's own certificate": lambda: {"certificates": agency_key().chain[:1]},
    "a stranger's list": lambda: {"lists": (revocation_list("theirs", at=LATER),)},
    "an answer about the sealing key": lambda: {
        "responses": (response(agency_key().certificate, at=LATER),)
    },
}


def _with_data_behind(data: Callable[[], dict[str, Any]]) -> bytes:
    return with_data(stamped(letter(), at=LATER), **data())


def _twice_behind() -> bytes:
    first, second = revocation_list(at=LATER), revocation_list(at=LATER + timedelta(days=1))
    return with_data(with_data(stamped(letter(), at=LATER), lists=(first,)), lists=(second,))


def _picture_behind() -> bytes:
    closed = with_data(stamped(letter(), at=LATER), lists=(revocation_list(at=LATER),))
    return updated(closed, lambda writer: drawing(writer, WHITE))


def _data_alone(pdf: bytes) -> bytes:
    return with_data(pdf, certificates=agency_key().chain, lists=(revocation_list(at=LATER),))


def _renditions() -> Iterator[tuple[str, Make]]:
    yield "a stamp of an unknown authority", lambda: stamped(letter(), root_of="theirs", at=LATER)
    yield (
        "a raised one stamped by an unknown authority",
        lambda: stamped(raised_letter(), root_of="theirs", at=LATER + timedelta(days=1)),
    )
    yield "a stamp of a revoked authority's key", _agency_in_place_of_a_stamp
    yield "the stamp of another letter", _transplanted
    yield "a stamp older than the seal", lambda: stamped(letter(), at=AT - timedelta(days=1))
    yield (
        "a raised one signed by another agency",
        lambda: signed_again(raised_letter(), agency_key("theirs")),
    )
    yield (
        "data without a closing stamp",
        lambda: with_data(raised_letter(), certificates=agency_key("theirs").chain),
    )
    for what, data in _BEHIND.items():
        yield f"{what} behind the stamp", partial(_with_data_behind, data)
    yield "validation data behind a stamp, twice", _twice_behind
    yield "a picture behind validation data", _picture_behind
    yield "the seal's validation data, no stamp", lambda: _data_alone(letter())
    for share in (0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        yield f"a bit of the stamp at {share:.0%}", _flipped(-1, share)
    for what, change in _ON_RENDITIONS.items():
        yield what, partial(_on_raised, change)
        yield f"{what}, stamped again", _change_then_stamp(change)


def _signed(pdf: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    """The seal's container changed where nothing signs it."""
    room = _rooms(pdf)[0]
    info = cms.ContentInfo.load(_value(pdf, room))
    change(info["content"])
    return _with_value(pdf, room, info.dump(force=True))


@cache
def _roomy() -> bytes:
    """A B-T letter; pyHanko leaves it more room."""
    pdf = rendered_letters()[KIND].content
    return sealed_at_level(
        pdf, stamp_root="ours", stamp_at=AT + timedelta(days=365), data=full_data()
    )


def _stray_certificate(signed: cms.SignedData) -> None:
    der = stamp_key("theirs").certificate.public_bytes(Encoding.DER)
    signed["certificates"].append(cms.CertificateChoices.load(der))


def _no_token(signed: cms.SignedData) -> None:
    signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([])


def _token_twice(signed: cms.SignedData) -> None:
    attributes = signed["signer_infos"][0]["unsigned_attrs"]
    attributes.append(attributes[0].copy())


def _token_of_another(signed: cms.SignedData) -> None:
    attribute = signed["signer_infos"][0]["unsigned_attrs"][0]
    token = run(stamper("ours", AT).async_timestamp(bytes(32), "sha256"))
    attribute["values"] = cms.SetOfContentInfo([token])


def _other_attribute(signed: cms.SignedData) -> None:
    attributes = signed["signer_infos"][0]["unsigned_attrs"]
    attributes.append({"type": "1.2.3.4", "values": []})


def _content_inside(signed: cms.SignedData) -> None:
    signed["encap_content_info"] = {"content_type": "data", "content": b"another letter"}


def _digest_renamed(signed: cms.SignedData) -> None:
    signed["digest_algorithms"][0]["algorithm"] = "sha512"


def _in_container(change: Callable[[cms.SignedData], None]) -> bytes:
    return _signed(_roomy(), change)


def _containers() -> Iterator[tuple[str, Make]]:
    changes: dict[str, Callable[[cms.SignedData], None]] = {
        "a stray certificate": _stray_certificate,
        "an empty set of attributes": _no_token,
        "the time stamp twice": _token_twice,
        "another signature's time stamp": _token_of_another,
        "an attribute unheard of": _other_attribute,
        "content in the container": _content_inside,
        "a digest's name": _digest_renamed,
    }
    for what, change in changes.items():
        yield what, partial(_in_container, change)
    yield "in small letters", _small
    yield "bytes behind the value", _behind
    yield (
        "the signature of another letter",
        lambda: _with_value(letter(), _rooms(letter())[0], _value(_other(), _rooms(_other())[0])),
    )
    for share in (0.02, 0.3, 0.6, 0.9, 0.97):
        yield f"a bit at {share:.0%}", partial(_bit, share)


def _small() -> bytes:
    start, end = signature_room()
    return letter()[:start] + letter()[start:end].lower() + letter()[end:]


def _behind() -> bytes:
    _, end = signature_room()
    return letter()[: end - 41] + b"48494445" + letter()[end - 33 :]


def _bit(share: float) -> bytes:
    pdf = bytearray(letter())
    first, last = _rooms(letter())[0]
    used = len(_value(letter(), (first, last))) * 2
    pdf[first + int(share * used)] ^= 1
    return bytes(pdf)


def attacks() -> Iterator[Attack]:
    yield from variants("attacked rendition", _renditions(), *_STAMPS)
    yield from variants(
        "container filled or exchanged",
        _containers(),
        *("signature_invalid", "bytes_unaccounted", "pdf_malformed", "changed_after_sealing"),
        *("time_stamp_invalid", "signer_untrusted"),
    )
