"""What passes as genuine, and that no tampered twin of it does."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.fields import SigSeedSubFilter

from schemas.codes import CODES
from signing.examination import examine
from signing.keys import SigningKey
from signing.verdict import Spelling, Verdict, Word
from tests.building.sealing import (
    AT,
    NAME,
    NUMBER,
    YEAR,
    agency_key,
    root,
    sealed,
    sealed_by,
)
from tests.building.stamping import stamped
from tests.building.tampering import TWINS, flipped, good, room, signed_again, twin

#: what these twins must be told as
_TOLD = {
    "a byte appended": "bytes_unaccounted",
    "a remark appended": "bytes_unaccounted",
    "an annotation added": "bytes_unaccounted",
    "the seal's picture swapped": "bytes_unaccounted",
    "an empty signature field added": "signatures_unaccounted",
    "signed again by somebody else": "signatures_unaccounted",
    "signed by an unknown method besides": "signatures_unaccounted",
    "an authority of the same name": "signer_untrusted",
    "an expired certificate": "certificate_outside_validity",
    "a certificate of the future": "certificate_outside_validity",
    "sealed tomorrow": "sealed_in_future",
    "an approval signature only": "signed_in_another_form",
    "empty": "file_empty",
    "the signature taken out": "not_signed",
    "never sealed": "not_signed",
    "the signature of another letter": "changed_after_sealing",
    "the time changed": "changed_after_sealing",
    "bytes hidden in the signature's room": "bytes_unaccounted",
    "a wider gap in the range": "bytes_unaccounted",
    "not a PDF": "file_is_no_pdf",
}
#: these do not claim to be letters of ours, and are not judged
_NOT_JUDGED = {"an approval signature only", "empty", "not a PDF"}


def _judge(pdf: bytes, *roots: x509.Certificate) -> Verdict:
    return examine(pdf, roots or (root(),))


def test_a_sealed_letter_is_genuine_and_says_who_when_and_what() -> None:
    verdict = _judge(good())
    assert verdict.word is Word.GENUINE
    assert verdict.signer == f"CN={NAME}"
    assert (verdict.sealed_at, verdict.proven_at, verdict.time_source) == (AT, None, "claimed")
    assert (verdict.level, verdict.number, verdict.pages) == ("B-B", NUMBER, 1)
    assert verdict.additions == ()
    assert verdict.digests == (sealed().sha256,)


def test_what_was_not_checked_is_said() -> None:
    verdict = _judge(good())
    assert verdict.revocation == "not_checked"
    assert [remark.code for remark in verdict.remarks] == ["time_claimed", "revocation_not_checked"]


@pytest.mark.parametrize("pages", [2, 3])
def test_so_is_one_of_several_pages(pages: int) -> None:
    verdict = _judge(sealed(pages).content)
    assert verdict.genuine
    assert verdict.pages == pages


@pytest.mark.parametrize("what", TWINS)
def test_no_tampered_twin_is_genuine(what: str) -> None:
    verdict = _judge(twin(what))
    assert verdict.word is (Word.UNKNOWN if what in _NOT_JUDGED else Word.NOT_GENUINE)
    assert [reason.code for reason in verdict.reasons] == [_TOLD.get(what, verdict.reasons[0].code)]
    assert (verdict.signer, verdict.sealed_at, verdict.number) == (None, None, None)


@pytest.mark.parametrize("what", TWINS)
def test_nor_when_the_other_signer_is_trusted_too(what: str) -> None:
    if what == "an authority of the same name":
        assert _judge(twin(what), root(), root("theirs")).genuine
        return
    assert not _judge(twin(what), root(), root("theirs")).genuine


@pytest.mark.parametrize("what", TWINS)
def test_without_roots_a_twin_is_still_not_genuine(what: str) -> None:
    verdict = examine(twin(what), ())
    undecided = what in {*_NOT_JUDGED, "an authority of the same name"}
    expected = Word.UNKNOWN if undecided else Word.NOT_GENUINE
    assert verdict.word is expected


def test_without_roots_a_good_letter_cannot_be_told() -> None:
    verdict = examine(good(), ())
    assert verdict.word is Word.UNKNOWN
    assert [reason.code for reason in verdict.reasons] == ["no_trusted_roots"]
    # what a stranger calls himself and his letter
    assert (verdict.signer, verdict.number) == (None, None)


def test_a_flipped_bit_anywhere_is_found() -> None:
    content = good()
    for offset in range(0, len(content), max(1, len(content) // 150)):
        assert not _judge(flipped(offset)).genuine, offset


def test_a_flipped_bit_anywhere_in_the_signature_is_found() -> None:
    first, last = room()
    for offset in range(first, last, 29):
        assert not _judge(flipped(offset)).genuine, offset - first


def test_lengths_and_unused_bits_within_the_signature_have_one_spelling() -> None:
    first, _ = room()
    digits = good()[first:]
    certificate_values = [
        place for place in range(0, 4000, 2) if digits[place:].startswith(b"03820101")
    ]
    assert certificate_values
    for place in [5, 6, *(value + 9 for value in certificate_values)]:
        assert not _judge(flipped(first + place)).genuine, place


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=255))
def test_any_other_byte_anywhere_is_found(offset: int, bits: int) -> None:
    assert not _judge(flipped(offset % len(good()), bits)).genuine


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.integers(min_value=0, max_value=10**6))
def test_whatever_is_put_in_anywhere_is_found_and_nothing_is_raised(
    piece: bytes, place: int
) -> None:
    content = good()
    offset = place % (len(content) + 1)
    changed = content[:offset] + piece + content[offset:]
    assert _judge(changed).genuine == (changed == content)


def test_a_claimed_time_does_not_bring_an_expired_certificate_back() -> None:
    pdf = sealed_by(agency_key(until=AT + YEAR))
    assert examine(pdf, (root(),), at=AT + YEAR).genuine
    verdict = examine(pdf, (root(),), at=AT + 2 * YEAR)
    assert (verdict.word, verdict.number) == (Word.UNKNOWN, NUMBER)
    assert [reason.code for reason in verdict.reasons] == ["expired_since"]


def test_a_time_stamp_from_before_it_expired_does() -> None:
    pdf = stamped(sealed_by(agency_key(until=AT + YEAR)), at=AT + YEAR / 2)
    assert examine(pdf, (root(),), at=AT + 2 * YEAR).genuine


def test_a_root_that_has_expired_counts_as_any_certificate() -> None:
    verdict = examine(good(), (root(),), at=AT + 11 * YEAR)
    assert [reason.code for reason in verdict.reasons] == ["expired_since"]


def test_clocks_may_differ_by_minutes() -> None:
    assert examine(good(), (root(),), at=AT - timedelta(minutes=9)).genuine
    early = examine(good(), (root(),), at=AT - timedelta(minutes=11))
    assert [reason.code for reason in early.reasons] == ["sealed_in_future"]


def test_a_root_that_expired_before_sealing_is_not_trusted() -> None:
    assert not examine(sealed_by(agency_key("ours"), at=AT), (root("theirs"),)).genuine


def test_a_trusted_time_stamp_after_the_seal_is_welcome() -> None:
    assert _judge(stamped(good(), root_of="ours")).genuine


def test_a_time_stamp_of_just_anybody_is_not() -> None:
    verdict = _judge(stamped(good(), root_of="theirs"))
    assert [reason.code for reason in verdict.reasons] == ["time_stamp_untrusted"]


@pytest.mark.parametrize(
    "what",
    [
        "an annotation added",
        "content added",
        "a page added",
        "the seal's picture swapped",
        "content behind an empty table",
        "the catalogue changed",
        "a remark appended",
    ],
)
def test_a_time_stamp_does_not_heal_what_was_done_before_it(what: str) -> None:
    verdict = _judge(stamped(twin(what), root_of="ours"))
    assert verdict.word is Word.NOT_GENUINE


def test_a_time_stamp_cut_off_again_leaves_a_genuine_letter() -> None:
    assert stamped(good(), root_of="ours").startswith(good())


def test_a_signature_hidden_in_an_object_of_its_own_is_counted() -> None:
    pdf = signed_again(good(), agency_key("theirs"), subfilter="/Some.Other")
    assert SigSeedSubFilter.PADES.value.encode() in pdf
    assert [r.code for r in _judge(pdf).reasons] == ["signatures_unaccounted"]


def test_within_a_running_event_loop_the_verdict_is_the_same() -> None:
    async def ask() -> Verdict:
        return _judge(good())

    assert asyncio.run(ask()).genuine


def test_every_reason_is_in_the_table_of_codes() -> None:
    for what in TWINS:
        assert all(reason.code in CODES for reason in _judge(twin(what)).reasons)


def test_a_verdict_survives_json() -> None:
    stamp = stamped(good(), root_of="ours")
    for verdict in (_judge(good()), _judge(b""), examine(good(), ()), _judge(stamp)):
        assert Verdict.from_dict(verdict.as_dict()) == verdict


def test_the_fields_for_programs_are_those_of_the_contract() -> None:
    fields = _judge(good()).as_dict()
    assert list(fields) == [
        *("verdict", "reasons", "remarks", "signer", "sealed_at", "proven_at", "time_source"),
        *("level", "revocation", "number", "pages", "additions", "digests"),
        *("standing", "replaced_by"),
    ]
    assert fields["sealed_at"] == "2026-03-05T01:02:03+00:00"


def test_a_chain_that_lacks_its_root_still_leads_to_it() -> None:
    key = agency_key()
    short = replace(key, issuers=())
    assert isinstance(short, SigningKey)
    verdict = _judge(sealed_by(short))
    assert (verdict.word, verdict.spelling) == (Word.GENUINE, Spelling.OTHER)


def test_a_certificate_that_does_not_belong_is_found() -> None:
    key = agency_key()
    stray = replace(key, issuers=(*key.issuers, root("theirs")))
    assert [r.code for r in _judge(sealed_by(stray)).reasons] == ["signature_invalid"]


def test_now_is_the_default_moment() -> None:
    assert examine(
        sealed_by(agency_key(until=AT + 9 * YEAR), at=datetime.now(UTC)), (root(),)
    ).genuine
