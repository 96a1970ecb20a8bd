"""What a certificate has to be for, and how strong, before a letter under it is genuine."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from schemas.purposes import ANY_PURPOSE, NO_PURPOSE, SEALING_PURPOSES
from signing.examination import examine
from signing.keys import SigningKey
from signing.profile import flaw_of
from signing.verdict import Verdict, Word
from tests.building.authorities import (
    AUTHORITY,
    DOCUMENTS,
    SIGNER,
    STAMPER,
    UNHEARD_OF,
    Extension,
    certified,
    chain,
    constraints,
    private_key,
    purposes,
    under_sha1,
    usage,
    without_signature,
)
from tests.building.levels import sealed_at_level, sealed_with_stamp
from tests.building.sealing import AT, NAME, YEAR, careless, sealed_by, subject
from tests.building.stamping import stamped

_ADOBE = x509.ObjectIdentifier("1.2.840.113583.1.1.5")
_MICROSOFT = x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12")


def _judge(key: SigningKey, *, at: datetime | None = None, **settings: Any) -> Verdict:
    return examine(sealed_by(careless(key)), key.chain[-1:], at=at, **settings)


def _code(key: SigningKey, **settings: Any) -> str | None:
    """Why a letter sealed with ``key`` is not genuine; None where it is."""
    verdict = _judge(key, **settings)
    if verdict.genuine:
        return None
    assert verdict.word is Word.NOT_GENUINE
    return verdict.reasons[0].code


@pytest.mark.parametrize(
    "stated",
    [
        (),
        (purposes(DOCUMENTS),),
        (purposes(DOCUMENTS, critical=True),),
        (purposes(Purpose.EMAIL_PROTECTION),),
        (purposes(_ADOBE),),
        (purposes(_MICROSOFT),),
        (purposes(Purpose.CLIENT_AUTH, DOCUMENTS),),
    ],
    ids=["none", "documents", "critical", "e-mail", "adobe", "microsoft", "one of two"],
)
def test_a_certificate_for_documents_or_for_nothing_in_particular_seals(
    stated: Sequence[Extension],
) -> None:
    assert _code(chain(own=(*SIGNER, *stated))) is None


@pytest.mark.parametrize("critical", [False, True], ids=["plain", "critical"])
@pytest.mark.parametrize(
    "stated",
    [
        Purpose.SERVER_AUTH,
        Purpose.CLIENT_AUTH,
        Purpose.CODE_SIGNING,
        Purpose.TIME_STAMPING,
        Purpose.OCSP_SIGNING,
        Purpose.SMARTCARD_LOGON,
        Purpose.ANY_EXTENDED_KEY_USAGE,
    ],
)
def test_a_certificate_for_something_else_does_not(
    stated: x509.ObjectIdentifier, *, critical: bool
) -> None:
    key = chain(own=(*SIGNER, purposes(stated, critical=critical)))
    assert _code(key) == "certificate_usage"


def test_what_may_seal_is_a_setting() -> None:
    silent, named = chain(), chain(own=(*SIGNER, purposes(DOCUMENTS)))
    anything = chain(own=(*SIGNER, purposes(Purpose.ANY_EXTENDED_KEY_USAGE)))
    login = chain(own=(*SIGNER, purposes(Purpose.CLIENT_AUTH)))
    without = set(SEALING_PURPOSES) - {NO_PURPOSE}
    assert _code(silent, purposes=without) == "certificate_usage"
    assert _code(named, purposes=without) is None
    assert _code(named, purposes=[NO_PURPOSE]) == "certificate_usage"
    assert _code(silent, purposes=[NO_PURPOSE]) is None
    assert _code(anything, purposes=[*SEALING_PURPOSES, ANY_PURPOSE]) is None
    assert _code(login, purposes=[Purpose.CLIENT_AUTH.dotted_string]) is None


_DOCUMENTS_ONLY = (*AUTHORITY, purposes(DOCUMENTS))
_SERVERS_ONLY = (*AUTHORITY, purposes(Purpose.SERVER_AUTH))
_ANYTHING = (*AUTHORITY, purposes(Purpose.ANY_EXTENDED_KEY_USAGE))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"between": _DOCUMENTS_ONLY}, None),
        ({"between": _ANYTHING}, None),
        ({"root": _DOCUMENTS_ONLY}, None),
        ({"between": _SERVERS_ONLY}, "certificate_usage"),
        ({"root": _SERVERS_ONLY}, "certificate_usage"),
        # each allows something, and nothing is allowed by all
        (
            {"between": (*AUTHORITY, purposes(_ADOBE)), "own": (*SIGNER, purposes(DOCUMENTS))},
            "certificate_usage",
        ),
        ({"root": _DOCUMENTS_ONLY, "between": (*AUTHORITY, purposes(_ADOBE))}, "certificate_usage"),
    ],
)
def test_purposes_of_authorities_limit_those_under_them(
    parts: dict[str, Any], code: str | None
) -> None:
    assert _code(chain(**parts)) == code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"own": (constraints(ca=True), SIGNER[1])}, "certificate_usage"),
        ({"own": (SIGNER[0], usage("key_encipherment"))}, "certificate_usage"),
        ({"own": (SIGNER[0], usage("key_cert_sign", "crl_sign"))}, "certificate_usage"),
        ({"own": (*SIGNER, (UNHEARD_OF, True))}, "certificate_usage"),
        ({"own": (*SIGNER, (UNHEARD_OF, False))}, None),
        ({"between": AUTHORITY}, None),
        ({"between": SIGNER}, "certificate_usage"),
        ({"between": (constraints(ca=True), usage("crl_sign"))}, "certificate_usage"),
        ({"between": (*AUTHORITY, (UNHEARD_OF, True))}, "certificate_usage"),
        ({"between": ()}, "certificate_usage"),
        ({"root": ()}, "certificate_usage"),
        ({"root": SIGNER}, "certificate_usage"),
        ({"root": (constraints(ca=True), usage("crl_sign"))}, "certificate_usage"),
        ({"root": (constraints(ca=True),)}, None),
        ({"root": (*AUTHORITY, (UNHEARD_OF, True))}, "certificate_usage"),
        ({"root": (constraints(ca=True, length=0), AUTHORITY[1])}, None),
        (
            {"root": (constraints(ca=True, length=0), AUTHORITY[1]), "between": AUTHORITY},
            "certificate_path",
        ),
        (
            {"root": (constraints(ca=True, length=1), AUTHORITY[1]), "between": AUTHORITY},
            None,
        ),
    ],
)
def test_flags_usage_and_path_length_count_up_to_the_root(
    parts: dict[str, Any], code: str | None
) -> None:
    assert _code(chain(**parts)) == code


def _limited(*, permitted: str | None = None, excluded: str | None = None) -> Extension:
    def names(name: str | None) -> list[x509.GeneralName] | None:
        return [x509.DirectoryName(subject(name))] if name else None

    return x509.NameConstraints(names(permitted), names(excluded)), True


@pytest.mark.parametrize("where", ["root", "between"])
@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (_limited(permitted=NAME), None),
        (_limited(excluded="某银行"), None),
        (_limited(permitted="某银行"), "certificate_path"),
        (_limited(excluded=NAME), "certificate_path"),
    ],
)
def test_names_that_an_authority_may_not_name_are_refused(
    where: str, limit: Extension, code: str | None
) -> None:
    assert _code(chain(**{where: (*AUTHORITY, limit)})) == code  # type: ignore[arg-type]


def test_a_root_that_seals_itself_is_refused_whether_it_may_sign_or_not() -> None:
    root = certified("Root DS", None, (AUTHORITY[0], usage("digital_signature", "key_cert_sign")))
    assert _code(root) == "certificate_usage"
    assert _code(certified(NAME, None, SIGNER)) == "certificate_usage"


@cache
def _weak_keys() -> dict[str, Any]:
    return {
        "RSA of 1024 bits": rsa.generate_private_key(65537, 1024),  # noqa: S505
        "exponent 3": rsa.generate_private_key(3, 2048),
        "secp256k1": ec.generate_private_key(ec.SECP256K1()),
        "P-224": ec.generate_private_key(ec.SECP224R1()),
        "brainpool": ec.generate_private_key(ec.BrainpoolP256R1()),
    }


@pytest.mark.parametrize("place", ["own", "between", "root"])
@pytest.mark.parametrize("what", sorted(_weak_keys()))
def test_a_weak_key_anywhere_in_the_chain_is_refused(what: str, place: str) -> None:
    keys = {place: _weak_keys()[what]}
    root = certified("R", None, AUTHORITY, private=keys.get("root"))
    between = certified("I", root, AUTHORITY, private=keys.get("between"))
    own = certified(NAME, between, SIGNER, private=keys.get("own"))
    assert flaw_of(own.chain) == "certificate_weak"
    if place != "own" or "RSA" in what:
        assert _code(own) == "certificate_weak"


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_a_nist_curve_is_strong_enough(curve: ec.EllipticCurve) -> None:
    root = certified("R", None, AUTHORITY, private=ec.generate_private_key(curve))
    own = certified(NAME, root, SIGNER, private=ec.generate_private_key(curve))
    assert _code(own) is None


def test_a_weak_digest_under_a_certificate_is_refused_but_for_the_root_s_own() -> None:
    digest = hashes.SHA224()
    root = certified("R", None, AUTHORITY, digest=digest)
    assert _code(certified(NAME, root, SIGNER)) is None
    assert _code(certified(NAME, root, SIGNER, digest=digest)) == "certificate_weak"
    between = certified("I", root, AUTHORITY, digest=digest)
    assert _code(certified(NAME, between, SIGNER)) == "certificate_weak"


def test_a_root_may_have_sha_1_under_its_own_signature() -> None:
    root = under_sha1(certified("Old Root", None, AUTHORITY))
    assert _code(certified(NAME, root, SIGNER)) is None
    between = certified("I", root, AUTHORITY)
    assert _code(certified(NAME, between, SIGNER)) is None
    stamps = under_sha1(certified("Old TSA Root", None, AUTHORITY))
    key = certified("TSA", stamps, STAMPER)
    letter = chain()
    for pdf in (
        stamped(sealed_by(letter), key=key, at=AT),
        sealed_with_stamp(letter, stamp_key=key),
    ):
        verdict = examine(pdf, letter.chain[-1:], stamp_roots=(stamps.certificate,))
        assert (verdict.word, verdict.level) == (Word.GENUINE, "B-T")


def test_a_root_that_was_changed_is_not_that_root() -> None:
    root = certified("Root", None, AUTHORITY)
    key = certified(NAME, root, SIGNER)
    changed = without_signature(root.certificate, bytes(256))
    pdf = sealed_at_level(key=replace(key, issuers=(changed,)))
    assert examine(sealed_at_level(key=key), (root.certificate,)).genuine
    verdict = examine(pdf, (root.certificate,))
    assert [reason.code for reason in verdict.reasons] == ["signer_untrusted"]


def test_an_authority_that_changed_its_key_may_stand_between() -> None:
    """A certificate by the old key about the new one names the same twice (RFC 5280, 6.1)."""
    old = certified("Authority", None, AUTHORITY)
    new = certified("Authority", old, AUTHORITY, private=private_key("new"))
    assert _code(certified(NAME, new, SIGNER)) is None
    whole = certified(NAME, new, SIGNER)
    short = replace(whole, issuers=whole.issuers[:1])
    assert isinstance(short, SigningKey)
    assert examine(sealed_by(careless(short)), (old.certificate,)).genuine


def _root_ended(*, travels: bool) -> Verdict:
    root = certified("Old Root", None, AUTHORITY, until=AT - timedelta(days=9))
    own = certified(NAME, root, SIGNER)
    key = careless(SigningKey(private=own.private, certificate=own.certificate))
    pdf = sealed_by(careless(own) if travels else key)
    return examine(pdf, (root.certificate,))


@pytest.mark.parametrize("travels", [True, False], ids=["in the letter", "left out"])
def test_a_root_that_ended_before_sealing_is_refused_whether_it_travels_or_not(
    *, travels: bool
) -> None:
    assert [r.code for r in _root_ended(travels=travels).reasons] == [
        "certificate_outside_validity"
    ]


def test_of_two_roots_of_one_key_the_one_that_is_right_counts() -> None:
    old = certified("Root", None, AUTHORITY, until=AT - timedelta(days=9))
    new = certified("Root", None, AUTHORITY)
    assert old.certificate.public_key() == new.certificate.public_key()
    pdf = sealed_by(careless(certified(NAME, old, SIGNER)))
    for roots in ((old, new), (new, old)):
        assert examine(pdf, [root.certificate for root in roots]).genuine


_STAMPERS: dict[str, tuple[Sequence[Extension], Sequence[Extension], bool]] = {
    "right": (AUTHORITY, STAMPER, True),
    "for something else too": (
        AUTHORITY,
        (*SIGNER, purposes(Purpose.TIME_STAMPING, DOCUMENTS, critical=True)),
        False,
    ),
    "not critical": (AUTHORITY, (*SIGNER, purposes(Purpose.TIME_STAMPING)), False),
    "an authority too": (AUTHORITY, (constraints(ca=True), *STAMPER[1:]), False),
    "no key usage for it": (AUTHORITY, (STAMPER[0], usage("crl_sign"), STAMPER[2]), False),
    "a root for servers": (_SERVERS_ONLY, STAMPER, False),
    "a root for time stamps": (
        (*AUTHORITY, purposes(Purpose.TIME_STAMPING)),
        STAMPER,
        True,
    ),
    "a root without the flag": (SIGNER, STAMPER, False),
    "an extension unheard of": (AUTHORITY, (*STAMPER, (UNHEARD_OF, True)), False),
}


@pytest.mark.parametrize("what", _STAMPERS)
def test_time_stamps_count_by_certificates_for_time_stamps_alone(what: str) -> None:
    above, own, right = _STAMPERS[what]
    root = certified("TSA Root", None, above)
    key = certified("TSA", root, own)
    letter = chain()
    pdf = stamped(sealed_by(letter), key=key, at=AT + timedelta(days=1))
    verdict = examine(pdf, letter.chain[-1:], stamp_roots=(root.certificate,))
    assert verdict.genuine is right
    assert verdict.level == ("B-T" if right else None)


@pytest.mark.parametrize("what", ["RSA of 1024 bits", "exponent 3"])
def test_a_weak_time_stamp_authority_proves_nothing(what: str) -> None:
    root = certified("TSA Root", None, AUTHORITY)
    key = certified("TSA", root, STAMPER, private=_weak_keys()[what])
    letter = chain()
    pdf = stamped(sealed_by(letter), key=key, at=AT + timedelta(days=1))
    verdict = examine(pdf, letter.chain[-1:], stamp_roots=(root.certificate,))
    assert [reason.code for reason in verdict.reasons] == ["time_stamp_untrusted"]


def test_pyhanko_s_own_letters_are_held_to_it_as_well() -> None:
    key = chain(own=(*SIGNER, purposes(Purpose.SERVER_AUTH)))
    verdict = examine(sealed_at_level(key=key), key.chain[-1:])
    assert [reason.code for reason in verdict.reasons] == ["certificate_usage"]


def test_a_root_that_ends_between_leaves_a_claimed_time_open() -> None:
    root = certified("Root", None, AUTHORITY, until=AT + YEAR)
    verdict = _judge(certified(NAME, root, SIGNER), at=AT + 2 * YEAR)
    assert (verdict.word, verdict.reasons[0].code) == (Word.UNKNOWN, "expired_since")
