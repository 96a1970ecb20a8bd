"""Unchanged means unchanged: a letter of ours has one spelling, and no more is said of others'."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from asn1crypto import algos, cms
from cryptography.hazmat.primitives.asymmetric import ec

from schemas.codes import CODES
from signing.container import LARGEST_TOKEN, held_by, room_for
from signing.ecdsa import has_low_s, low_s
from signing.examination import examine
from signing.keys import SigningKey
from signing.running import run
from signing.tokens import canonical
from signing.verdict import Refused, Spelling, Verdict, Word
from tests.building import respelling
from tests.building.authorities import AUTHORITY, SIGNER, STAMPER, certified
from tests.building.levels import sealed_at_level, sealed_with_stamp
from tests.building.sealing import (
    AT,
    NAME,
    agency_key,
    authority,
    elliptic_key,
    root,
    sealed_by,
)
from tests.building.stamping import stamp_key, stamped, stamper
from tests.building.tampering import good

_Respell = Callable[[bytes], bytes]


def _judge(pdf: bytes, key: SigningKey | None = None) -> Verdict:
    roots = (root(),) if key is None else key.chain[-1:]
    return examine(pdf, roots, stamp_roots=(root(),))


def _codes(verdict: Verdict) -> list[str]:
    return [problem.code for problem in (*verdict.reasons, *verdict.remarks)]


def _curves_all_the_way() -> SigningKey:
    """A key under an authority under a root, all of P-256."""
    made = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
    top = certified("EC Root", None, AUTHORITY, private=made[0])
    between = certified("EC Issuer", top, AUTHORITY, private=made[1])
    return certified(NAME, between, SIGNER, private=made[2])


def test_a_letter_of_ours_is_held_byte_by_byte() -> None:
    for key in (agency_key(), elliptic_key()):
        assert _judge(sealed_by(key)).spelling is Spelling.HELD
    key = _curves_all_the_way()
    assert _judge(sealed_by(key), key).spelling is Spelling.HELD


def test_its_signature_lists_the_whole_chain_the_signer_first() -> None:
    key = _curves_all_the_way()
    signed = respelling.container_of(sealed_by(key))["content"]
    attributes = {a["type"].native: a for a in signed["signer_infos"][0]["signed_attrs"]}
    listed = attributes["signing_certificate_v2"]["values"][0]["certs"]
    digests = [entry["cert_hash"].native for entry in listed]
    assert digests == [respelling.digest(link) for link in key.chain]
    assert [entry["issuer_serial"].native is not None for entry in listed] == [True, False, False]
    assert set(held_by(signed)) == set(key.chain)


@pytest.mark.parametrize(
    "respell",
    [
        respelling.without_root,
        respelling.reordered,
        lambda pdf: respelling.with_stamp(pdf, bare=True),
        lambda pdf: respelling.with_stamp(pdf, "theirs", bare=True),
    ],
    ids=["root taken out", "reordered", "stamp put in", "stranger's stamp put in"],
)
def test_another_spelling_of_ours_is_refused(respell: _Respell) -> None:
    pdf = respell(good())
    assert len(pdf) == len(good())
    assert _codes(_judge(pdf)) == ["signature_invalid"]


def test_so_are_the_other_values_of_ecdsa() -> None:
    key = _curves_all_the_way()
    pdf = sealed_by(key)
    assert _codes(_judge(respelling.signature_turned(pdf), key)) == ["signature_invalid"]
    assert _codes(_judge(respelling.issuer_turned(pdf), key)) == ["signature_invalid"]


def test_a_stamped_letter_of_ours_says_no_more_than_is_known() -> None:
    pdf = sealed_with_stamp()
    verdict = _judge(pdf)
    assert (verdict.word, verdict.level, verdict.spelling) == (
        Word.GENUINE,
        "B-T",
        Spelling.OPEN,
    )
    bare = _judge(respelling.without_stamp(pdf))
    assert _codes(bare) == ["signature_invalid"]


def test_where_no_server_answers_the_letter_is_held_as_one_without_a_stamp() -> None:
    pdf = sealed_with_stamp(away=True)
    verdict = _judge(pdf)
    assert (verdict.level, verdict.spelling) == ("B-B", Spelling.HELD)
    assert len(pdf) < len(sealed_with_stamp()) - 2 * LARGEST_TOKEN + 100


def test_a_token_is_completed_from_the_roots_or_is_none() -> None:
    token = run(stamper("ours").async_timestamp(bytes(32), "sha256"))
    certificates = token["content"]["certificates"]
    own = stamp_key("ours").certificate.serial_number
    alone = [each for each in certificates if each.chosen.serial_number == own]
    token["content"]["certificates"] = cms.CertificateSet(alone)
    for roots in ((), (root("theirs"),)):
        with pytest.raises(Refused):
            canonical(token, roots)
    whole = canonical(token, (root("theirs"), root()))
    assert set(held_by(whole["content"])) == set(stamp_key("ours").chain)
    # nothing that its authority signed is another
    assert whole["content"]["signer_infos"].dump() == token["content"]["signer_infos"].dump()


@pytest.mark.parametrize("what", ["root", "order", "attributes"])
def test_its_stamp_has_one_spelling_too(what: str) -> None:
    pdf = sealed_with_stamp()
    respell = {
        "root": respelling.stamp_without_root,
        "order": respelling.stamp_reordered,
        "attributes": respelling.stamp_attributes_reordered,
    }
    assert _codes(_judge(respell[what](pdf))) == ["time_stamp_invalid"]


def test_the_stamp_s_ecdsa_value_as_well() -> None:
    top = authority("ours")
    key = certified("EC TSA", top, STAMPER, private=ec.generate_private_key(ec.SECP256R1()))
    # an authority answers with either value; the letter holds the lower
    for _ in range(4):
        pdf = sealed_with_stamp(stamp_key=key)
        assert _judge(pdf).level == "B-T"
        assert _codes(_judge(respelling.stamp_turned(pdf))) == ["time_stamp_invalid"]


def _legacy(key: SigningKey | None = None, *, low: bool = True) -> bytes:
    """A letter as earlier versions and pyHanko make them; an ECDSA value may be either."""
    while True:
        pdf = sealed_at_level(key=key)
        signature = respelling.container_of(pdf)["content"]["signer_infos"][0]["signature"].native
        if key is None or has_low_s(signature, key.certificate.public_key()) is low:
            return pdf


def test_letters_of_earlier_versions_stay_genuine_and_are_not_called_unchanged() -> None:
    for pdf in (_legacy(), _legacy(elliptic_key())):
        verdict = _judge(pdf)
        assert (verdict.word, verdict.spelling) == (Word.GENUINE, Spelling.OPEN)


@pytest.mark.parametrize("put", [respelling.with_stamp, respelling.without_stamp])
def test_a_stamp_put_in_or_taken_out_of_such_a_letter_is_not_told_as_unchanged(
    put: _Respell,
) -> None:
    before = sealed_at_level(stamp_root="ours" if put is respelling.without_stamp else None)
    verdict = _judge(put(before))
    assert (verdict.word, verdict.spelling) == (Word.GENUINE, Spelling.OPEN)


def test_such_a_letter_in_another_order_is_refused() -> None:
    assert _codes(_judge(respelling.reordered(_legacy()))) == ["signature_invalid"]


def test_such_a_letter_without_its_root_or_with_the_other_value_is_said_to_be_other_bytes() -> None:
    stamped_letter = sealed_at_level(stamp_root="ours", stamp_at=datetime.now(UTC))
    key = _curves_all_the_way()
    for pdf, own in (
        (respelling.without_root(_legacy()), None),
        (respelling.signature_turned(_legacy(elliptic_key())), None),
        (respelling.stamp_without_root(stamped_letter), None),
        (respelling.root_turned(_legacy(key)), key),
    ):
        verdict = _judge(pdf, own)
        assert (verdict.word, verdict.spelling) == (Word.GENUINE, Spelling.OTHER)


def test_of_the_two_values_under_its_issuer_s_certificate_the_higher_is_said_to_be_other() -> None:
    key = _curves_all_the_way()
    pdf = _legacy(key)
    found = {_judge(each, key).spelling for each in (pdf, respelling.issuer_turned(pdf))}
    assert found == {Spelling.OPEN, Spelling.OTHER}


def test_a_stranger_s_name_is_printed_nowhere() -> None:
    name = "Evil TSA: THIS LETTER IS VOID"
    stranger = certified("Evil Root", None, AUTHORITY)
    key = certified(name, stranger, STAMPER)
    for pdf in (
        respelling.with_stamp(_legacy(), key=key),
        sealed_with_stamp(stamp_key=key),
    ):
        verdict = _judge(pdf)
        assert verdict.genuine
        assert "time_stamp_ignored" in _codes(verdict)
        assert "Evil" not in str(verdict.as_dict())
    added = examine(stamped(good(), key=key, at=AT), (root(),), stamp_roots=())
    assert added.additions
    assert "Evil" not in str(added.as_dict())


def test_the_room_says_whether_a_stamp_belongs_there() -> None:
    key = agency_key()
    plain, with_room = (room_for(key.chain, stamped=stamped) for stamped in (False, True))
    assert with_room - plain == 2 * 10 * 1024


def test_signed_attributes_in_another_order_are_another_file() -> None:
    assert _codes(_judge(respelling.attributes_reordered(good()))) == ["signature_invalid"]


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_of_two_values_the_lower_is_written(curve: ec.EllipticCurve) -> None:
    key = certified(NAME, None, SIGNER, private=ec.generate_private_key(curve))
    public = key.certificate.public_key()
    for number in range(20):
        signature = key.sign(b"%d" % number)
        assert 2 * algos.DSASignature.load(signature)["s"].native < curve.group_order
        assert has_low_s(signature, public)
        other = respelling.other_s(signature, public)
        assert not has_low_s(other, public)
        assert low_s(other, public) == signature


def test_what_is_no_ecdsa_value_is_not_spelled_right() -> None:
    public = elliptic_key().certificate.public_key()
    assert not has_low_s(b"\x30\x00", public)
    assert has_low_s(b"anything", agency_key().certificate.public_key())


def test_each_spelling_but_the_held_one_has_its_remark() -> None:
    assert [each for each in Spelling if each.value not in CODES] == [Spelling.HELD]
