"""Levels, times and revocation: what a letter proves, and what is only said."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from signing.examination import examine
from signing.verdict import Verdict, Word
from tests.building.levels import (
    LATER,
    MINUTE,
    full_data,
    raised,
    renewed,
    sealed_at_level,
)
from tests.building.sealing import AT, YEAR, agency_key, root, sealed_by
from tests.building.stamping import (
    put_data,
    response,
    revocation_list,
    stamp_key,
    stamped,
    with_data,
)
from tests.building.tampering import good

#: the digits of a signature value
_VALUES = re.compile(rb"/Contents <([0-9A-F]+)>")


def _judge(pdf: bytes, at: datetime | None = None) -> Verdict:
    return examine(pdf, (root(),), at=at)


def _codes(verdict: Verdict) -> list[str]:
    return [problem.code for problem in (*verdict.reasons, *verdict.remarks)]


def _now() -> datetime:
    # pyHanko's signer writes the machine's own time into /M
    return datetime.now(UTC)


def test_a_plain_signature_is_b_b_and_its_time_a_claim() -> None:
    verdict = _judge(sealed_at_level())
    assert (verdict.word, verdict.level, verdict.time_source) == (Word.GENUINE, "B-B", "claimed")
    assert "time_claimed" in _codes(verdict)


def test_a_stamp_on_the_signature_makes_b_t_and_proves_the_time() -> None:
    at = _now()
    verdict = _judge(sealed_at_level(stamp_root="ours", stamp_at=at))
    assert (verdict.level, verdict.time_source) == ("B-T", "signature_time_stamp")
    assert verdict.proven_at == at
    assert _codes(verdict) == ["bytes_not_held", "revocation_not_checked"]


def test_a_stamp_of_an_unknown_authority_on_the_signature_counts_for_nothing() -> None:
    verdict = _judge(sealed_at_level(stamp_root="theirs", stamp_at=_now()))
    assert (verdict.word, verdict.level, verdict.proven_at) == (Word.GENUINE, "B-B", None)
    assert "time_stamp_ignored" in _codes(verdict)


def test_time_stamp_authorities_may_have_roots_of_their_own() -> None:
    pdf = sealed_at_level(stamp_root="theirs", stamp_at=_now())
    assert examine(pdf, (root(),), stamp_roots=(root("theirs"),)).level == "B-T"
    ours = sealed_at_level(stamp_root="ours", stamp_at=_now())
    assert examine(ours, (root(),), stamp_roots=(root("theirs"),)).level == "B-B"


def test_validation_data_placed_with_the_signature_makes_b_lt() -> None:
    at = _now()
    pdf = sealed_at_level(stamp_root="ours", stamp_at=at, data=full_data(at))
    verdict = _judge(pdf)
    assert (verdict.level, verdict.revocation, verdict.additions) == ("B-LT", "good", ())
    assert _codes(verdict) == ["bytes_not_held"]


def test_a_closing_document_stamp_makes_b_lta() -> None:
    at = _now()
    pdf = stamped(sealed_at_level(stamp_root="ours", stamp_at=at, data=full_data(at)), at=at)
    verdict = _judge(pdf)
    assert (verdict.level, verdict.time_source) == ("B-LTA", "signature_time_stamp")
    assert [addition.what for addition in verdict.additions] == ["document_time_stamp"]


@pytest.mark.parametrize("quiet", [True, False], ids=["as we write", "as pyHanko writes"])
def test_a_letter_that_the_archive_raised_is_genuine_and_says_what_was_added(
    *, quiet: bool
) -> None:
    verdict = _judge(raised(good(), quiet=quiet))
    assert (verdict.word, verdict.level, verdict.proven_at) == (Word.GENUINE, "B-LTA", LATER)
    assert [a.what for a in verdict.additions] == ["validation_data", "document_time_stamp"]
    assert verdict.sealed_at == AT


def test_so_is_one_that_was_stamped_again_and_again() -> None:
    verdict = _judge(renewed(renewed(raised(good()), days=60), days=120))
    assert (verdict.level, verdict.proven_at) == ("B-LTA", LATER)
    assert len(verdict.additions) == 4


def test_a_raised_letter_is_known_by_what_was_sealed() -> None:
    assert _judge(good()).digests[0] in _judge(renewed(raised(good()))).digests


def test_data_without_a_closing_stamp_is_not_covered() -> None:
    assert _codes(_judge(with_data(good(), lists=(revocation_list(),)))) == ["bytes_unaccounted"]


def test_a_stamp_without_data_makes_b_t_alone() -> None:
    verdict = _judge(stamped(good(), at=LATER))
    assert (verdict.level, verdict.revocation) == ("B-T", "not_checked")


def test_a_list_about_other_authorities_is_no_evidence() -> None:
    pdf = stamped(with_data(good(), lists=(revocation_list("theirs"),)), at=LATER)
    assert _judge(pdf).revocation == "not_checked"


def test_a_certificate_revoked_before_it_was_used_is_refused() -> None:
    revoked = {agency_key().certificate: AT - timedelta(days=1)}
    pdf = stamped(with_data(good(), lists=(revocation_list(revoked=revoked),)), at=LATER)
    assert _codes(_judge(pdf)) == ["signer_revoked"]


def test_an_answer_that_says_so_is_as_good() -> None:
    answer = response(agency_key().certificate, revoked=AT - timedelta(days=1))
    pdf = stamped(with_data(good(), responses=(answer,)), at=LATER)
    assert _codes(_judge(pdf)) == ["signer_revoked"]


def test_one_revoked_after_a_trusted_time_was_good_then() -> None:
    at = _now()
    revoked = {agency_key().certificate: at + timedelta(hours=1)}
    late = at + timedelta(days=1)
    pdf = sealed_at_level(stamp_root="ours", stamp_at=at)
    prepared = with_data(pdf, lists=(revocation_list(revoked=revoked, at=late),))
    verdict = _judge(stamped(prepared, at=late), at=late)
    assert (verdict.word, verdict.revocation) == (Word.GENUINE, "good")


def test_one_revoked_between_the_claimed_and_the_proven_time_is_refused() -> None:
    revoked = {agency_key().certificate: AT + timedelta(days=1)}
    data = with_data(good(), lists=(revocation_list(revoked=revoked, at=LATER),))
    assert _codes(_judge(stamped(data, at=LATER))) == ["signer_revoked"]


def test_with_a_claimed_time_alone_a_later_revocation_leaves_it_open() -> None:
    at = _now()
    revoked = {agency_key().certificate: at + timedelta(hours=1)}
    late = at + timedelta(days=1)

    known = revocation_list(revoked=revoked, at=late)
    pdf = sealed_at_level(data=lambda writer: put_data(writer, lists=(known,)))
    verdict = _judge(pdf, at=late)
    assert (verdict.word, _codes(verdict)) == (Word.UNKNOWN, ["revoked_since"])


def test_a_revoked_time_stamp_authority_is_not_believed() -> None:
    revoked = {stamp_key("ours").certificate: AT}
    data = with_data(good(), lists=(revocation_list(revoked=revoked, at=LATER),))
    assert _codes(_judge(stamped(data, at=LATER))) == ["time_stamp_untrusted"]


def test_a_stamp_whose_authority_ran_out_is_said_and_does_no_harm() -> None:
    key = stamp_key("ours", until=LATER + timedelta(days=30))
    pdf = stamped(good(), at=LATER, key=key)
    assert _judge(pdf, at=LATER + timedelta(days=29)).level == "B-T"
    verdict = _judge(pdf, at=LATER + timedelta(days=31))
    assert (verdict.word, verdict.level) == (Word.GENUINE, "B-B")
    assert "time_stamp_expired" in _codes(verdict)


def test_a_further_stamp_in_time_keeps_what_the_first_one_proved() -> None:
    key = stamp_key("ours", until=LATER + timedelta(days=30))
    pdf = stamped(stamped(good(), at=LATER, key=key), at=LATER + timedelta(days=29))
    verdict = _judge(pdf, at=LATER + timedelta(days=200))
    assert (verdict.level, verdict.proven_at) == ("B-T", LATER)


def test_a_stamp_set_after_the_agency_s_certificate_ran_out_proves_too_little() -> None:
    pdf = sealed_by(agency_key(until=AT + timedelta(days=3)))
    verdict = _judge(stamped(pdf, at=LATER))
    assert (verdict.word, verdict.level) == (Word.UNKNOWN, "B-B")
    assert _codes(verdict)[0] == "expired_since"
    assert "time_stamp_late" in _codes(verdict)


def test_a_seal_that_claims_to_be_younger_than_its_stamp_is_refused() -> None:
    pdf = stamped(sealed_by(agency_key(), at=LATER), at=LATER - timedelta(days=1))
    assert _codes(_judge(pdf)) == ["time_contradicted"]


def test_a_stamp_of_tomorrow_is_refused() -> None:
    late = _now() + timedelta(days=1)
    assert _codes(_judge(stamped(good(), at=late))) == ["time_stamp_invalid"]


def test_stamps_whose_times_fall_are_refused() -> None:
    pdf = stamped(stamped(good(), at=LATER), at=LATER - timedelta(days=1))
    assert _codes(_judge(pdf)) == ["time_stamp_invalid"]


def test_clocks_of_stamps_may_differ_by_minutes() -> None:
    assert _judge(stamped(good(), at=AT - 9 * MINUTE)).genuine
    assert not _judge(stamped(good(), at=AT - 11 * MINUTE)).genuine


def test_a_letter_of_a_year_ago_is_judged_by_its_stamps() -> None:
    verdict = _judge(raised(good()), at=AT + 3 * YEAR)
    assert (verdict.word, verdict.level) == (Word.GENUINE, "B-LTA")


@pytest.mark.parametrize("room", [0, -1], ids=["on the signature", "on the document"])
def test_a_digit_changed_anywhere_in_a_time_stamp_is_found(room: int) -> None:
    at = _now()
    pdf = stamped(sealed_at_level(stamp_root="ours", stamp_at=at), at=at)
    first, last = [found.span(1) for found in _VALUES.finditer(pdf)][room]
    used = len(pdf[first:last].rstrip(b"0"))
    # the head of the container, where each byte has a meaning, and the rest in steps
    for offset in (*range(first + 8, first + 130, 7), *range(first + 130, first + used, 331)):
        digit = b"%X" % (int(pdf[offset : offset + 1], 16) ^ 1)
        changed = pdf[:offset] + digit + pdf[offset + 1 :]
        assert not _judge(changed).genuine, offset - first


def test_a_stamp_s_content_is_called_what_it_is() -> None:
    pdf = stamped(good(), at=LATER)
    first, last = [found.span(1) for found in _VALUES.finditer(pdf)][-1]
    stamp = pdf[first:last]
    # id-smime-ct-TSTInfo, its last arc made another; nothing signs this name
    renamed = stamp.replace(b"060B2A864886F70D0109100104", b"060B2A864886F70D0109100105", 1)
    assert renamed != stamp
    assert _codes(_judge(pdf[:first] + renamed + pdf[last:])) == ["time_stamp_invalid"]
