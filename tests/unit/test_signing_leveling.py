"""Seals of every level, with real time stamp, OCSP and CRL servers on loopback, and without."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.configuration import SealSettings, TimeStampServer
from schemas.documents import SealedPdf
from schemas.errors import Misconfigured, ProductionFailed, Unavailable
from schemas.levels import SealLevel
from signing.converting import all_to_asn1
from signing.examination import examine
from signing.keys import SigningKey
from signing.leveling import Leveling
from signing.revocation import Revocation
from signing.running import run
from signing.sealer import Sealer
from signing.stamps import StampsAway, StampServers
from signing.verdict import Verdict
from tests.building.pki import LOOPBACK, Pki, nobody, pki, silence
from tests.building.sealing import NUMBER, rendered, root, seal_picture

ABOVE_BB = (SealLevel.B_T, SealLevel.B_LT, SealLevel.B_LTA)

#: seconds in which a server answers that is there, however busy the machine is
_PATIENT = 20.0
#: seconds that a server which does not answer is given
_LIMIT = 3.0


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(autouse=True)
def all_there(servers: Pki) -> None:
    servers.down.clear()
    servers.asked.clear()


def settings(*urls: str, level: str = "B-T", limit: float = _PATIENT, **more: Any) -> SealSettings:
    """``limit`` is the first server's, in seconds."""
    limits = [limit, *[_PATIENT] * len(urls)]
    stamps = [TimeStampServer(url=url, seconds=limits[n]) for n, url in enumerate(urls)]
    return SealSettings(
        level=SealLevel(level), time_stamp_servers=stamps, private_networks=[LOOPBACK], **more
    )


def sealer(servers: Pki, chosen: SealSettings, key: SigningKey | None = None) -> Sealer:
    leveling = Leveling(chosen, [servers.certificate("root")])
    return Sealer(key or servers.key(), seal_picture(), leveling)


def seal(servers: Pki, chosen: SealSettings, key: SigningKey | None = None) -> SealedPdf:
    now = datetime.now(UTC)
    return sealer(servers, chosen, key).seal(rendered(), document_number=NUMBER, at=now)


def judged(servers: Pki, sealed: SealedPdf) -> Verdict:
    trusted = [servers.certificate("root")]
    return examine(sealed.content, trusted, stamp_roots=trusted)


def stamp(chosen: SealSettings, servers: Pki, **more: Any) -> Any:
    stamps = StampServers(chosen.time_stamp_servers, [servers.certificate("root")], **more)
    return run(stamps.async_timestamp(b"\7" * 32, "sha256"))


@pytest.mark.parametrize("level", list(SealLevel))
def test_a_letter_is_sealed_at_the_level_that_is_set(servers: Pki, level: SealLevel) -> None:
    sealed = seal(servers, settings(servers.stamps, level=level))
    verdict = judged(servers, sealed)
    assert verdict.genuine
    assert (sealed.level, sealed.level_wanted, verdict.level) == (level, level, level)
    assert (sealed.stamp_until is not None) == (level is SealLevel.B_LTA)


@pytest.mark.parametrize("level", ABOVE_BB)
def test_a_changed_byte_is_found_at_every_level(servers: Pki, level: SealLevel) -> None:
    sealed = seal(servers, settings(servers.stamps, level=level))
    changed = bytearray(sealed.content)
    changed[1000] ^= 1
    trusted = [servers.certificate("root")]
    assert not examine(bytes(changed), trusted, stamp_roots=trusted).genuine


def test_nothing_is_asked_of_anybody_for_b_b_with_revocation_off(servers: Pki) -> None:
    chosen = SealSettings(revocation="off")
    sealer(servers, chosen)
    Leveling(chosen, []).demand_not_revoked(servers.key())
    assert seal(servers, chosen).level is SealLevel.B_B
    assert servers.asked == []


def test_a_server_that_is_away_is_passed_over_for_the_next(servers: Pki) -> None:
    assert seal(servers, settings(nobody(), servers.stamps)).level is SealLevel.B_T


def test_a_server_that_does_not_answer_costs_its_time_limit_and_no_more(servers: Pki) -> None:
    with silence() as mute:
        desk = sealer(servers, settings(mute, servers.stamps, limit=_LIMIT))
        start = datetime.now(UTC)
        assert desk.seal(rendered(), document_number="1", at=start).level is SealLevel.B_T
        first = datetime.now(UTC) - start
        assert desk.seal(rendered(), document_number="2", at=start).level is SealLevel.B_T
        second = datetime.now(UTC) - start - first
    assert _LIMIT <= first.total_seconds() < _PATIENT
    # it rests: the second letter did not wait for it
    assert second.total_seconds() < _LIMIT


def test_a_server_that_rests_is_asked_again_after_a_minute(servers: Pki) -> None:
    moment = [0.0]
    chosen = settings(servers.stamps)
    stamps = StampServers(
        chosen.time_stamp_servers, [servers.certificate("root")], clock=lambda: moment[0]
    )
    servers.down.add("tsa")
    for _ in range(2):
        with pytest.raises(StampsAway, match="no time stamp server serves"):
            run(stamps.async_timestamp(b"\7" * 32, "sha256"))
    assert len(servers.asked) == 1
    servers.down.clear()
    moment[0] = 61.0
    assert run(stamps.async_timestamp(b"\7" * 32, "sha256"))


@pytest.mark.parametrize("level", ABOVE_BB)
def test_with_no_server_a_letter_is_sealed_as_low_as_is_allowed(
    servers: Pki, level: SealLevel
) -> None:
    sealed = seal(servers, settings(nobody(), level=level))
    assert (sealed.level, sealed.level_wanted) == (SealLevel.B_B, level)
    assert judged(servers, sealed).level == "B-B"


@pytest.mark.parametrize("lowest", ["B-T", "B-LT", "B-LTA"])
def test_below_what_is_allowed_nothing_is_sealed(servers: Pki, lowest: str) -> None:
    chosen = settings(nobody(), level="B-LTA", lowest_level=SealLevel(lowest))
    with pytest.raises(ProductionFailed, match="lowest_level") as caught:
        seal(servers, chosen)
    assert caught.value.problem.code == "level_not_reached"
    assert not caught.value.final


@pytest.mark.parametrize("service", ["ocsp", "crls/root"])
def test_without_a_responder_there_is_no_evidence_but_a_time_stamp(
    servers: Pki, service: str
) -> None:
    # the agency's certificate has a CRL beside its responder; the issuer's and the TSA's have not
    servers.down.update({service, "crls/agencies"})
    sealed = seal(servers, settings(servers.stamps, level="B-LTA"))
    assert sealed.level is SealLevel.B_T
    assert judged(servers, sealed).level == "B-T"


def test_a_list_serves_where_the_responder_is_away(servers: Pki) -> None:
    servers.down.add("ocsp")
    assert seal(servers, settings(servers.stamps, level="B-LT")).level is SealLevel.B_LT


def test_a_certificate_that_names_no_responder_reaches_b_t(servers: Pki) -> None:
    sealed = seal(servers, settings(servers.stamps, level="B-LT"), servers.key("mute"))
    assert sealed.level is SealLevel.B_T


def test_when_the_server_that_evidence_is_of_goes_away_the_level_is_what_is_true(
    servers: Pki,
) -> None:
    desk = sealer(servers, settings(servers.stamps, servers.other_stamps, level="B-LT"))
    now = datetime.now(UTC)
    assert desk.seal(rendered(), document_number="1", at=now).level is SealLevel.B_LT
    servers.down.add("tsa/tsa")
    sealed = desk.seal(rendered(), document_number="2", at=now)
    assert sealed.level is SealLevel.B_T
    # a list may happen to speak of both authorities: never less than is said
    assert SealLevel(judged(servers, sealed).level or "B-B").reaches(sealed.level)
    # from now on its evidence is of the one that serves
    assert desk.seal(rendered(), document_number="3", at=now).level is SealLevel.B_LT


def test_a_token_of_an_authority_that_nobody_trusts_is_none(servers: Pki) -> None:
    chosen = settings(servers.stamps)
    with pytest.raises(StampsAway, match="HANYIN_TSA_TRUST_FILES"):
        run(StampServers(chosen.time_stamp_servers, [root()]).async_timestamp(b"7" * 32, "sha256"))


def test_what_is_no_time_stamp_is_none(servers: Pki) -> None:
    with pytest.raises(StampsAway):
        stamp(settings(f"{servers.url}/test/crls/root/latest.crl"), servers)


def test_a_right_token_about_something_else_is_none(servers: Pki) -> None:
    with pytest.raises(StampsAway, match="not right"):
        stamp(settings(f"{servers.stamps}/lie"), servers)


def test_a_level_needs_roots_for_its_time_stamps(servers: Pki) -> None:
    with pytest.raises(Misconfigured, match="HANYIN_TSA_TRUST_FILES"):
        Leveling(settings(servers.stamps), [])


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_a_revoked_certificate_seals_nothing(servers: Pki, level: str) -> None:
    with pytest.raises(ProductionFailed, match="revoked") as caught:
        seal(servers, settings(servers.stamps, level=level), servers.key("revoked"))
    assert caught.value.problem.code == "certificate_revoked"


@pytest.mark.parametrize("service", ["ocsp", "crls"])
def test_revocation_is_asked_for_at_b_b_too(servers: Pki, service: str) -> None:
    # by the responder alone, and by the list alone
    servers.down.add(service)
    leveling = Leveling(SealSettings(private_networks=[LOOPBACK]), [])
    with pytest.raises(ProductionFailed, match="revoked"):
        leveling.demand_not_revoked(servers.key("revoked"))
    leveling.demand_not_revoked(servers.key())


def test_responders_that_are_away_stop_sealing_only_where_that_is_set(servers: Pki) -> None:
    servers.down.update({"ocsp", "crls"})
    Leveling(SealSettings(private_networks=[LOOPBACK]), []).demand_not_revoked(servers.key())
    with pytest.raises(Unavailable):
        Leveling(
            SealSettings(revocation="demand", private_networks=[LOOPBACK]), []
        ).demand_not_revoked(servers.key())


def test_one_answer_serves_many_letters(servers: Pki) -> None:
    desk = sealer(servers, settings(servers.stamps, level="B-LT"))
    for number in "123":
        desk.seal(rendered(), document_number=number, at=datetime.now(UTC))
    assert sum("ocsp" in path for path in servers.asked) == 1
    # one before the first, to know whose certificates to embed
    assert sum("tsa" in path for path in servers.asked) == 4


def test_an_answer_is_asked_for_again_when_it_is_old(servers: Pki) -> None:
    moment = [0.0]
    own, *others = all_to_asn1(servers.key().chain)
    revocation = Revocation(others[-1:], networks=[LOOPBACK], clock=lambda: moment[0])
    for _ in range(2):
        run(revocation.evidence(own, others))
    moment[0] = 601.0
    run(revocation.evidence(own, others))
    assert sum("ocsp" in path for path in servers.asked) == 2


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"level": "B-T"}, "needs time_stamp_servers"),
        ({"lowest_level": "B-T"}, "lowest_level is higher"),
        ({"key_file": "a", "remote": {"url": "http://x", "key": "k"}}, "one of key_file"),
        ({"remote": {"url": "http://x", "key": "k"}}, "needs certificate_file"),
        ({"pkcs11": {"module": "m", "token": "t", "pin_file": "p"}}, "label or by id"),
        ({"pkcs11": {"module": "m", "token": "t", "label": "l"}}, "pin_file or pin_variable"),
    ],
)
def test_settings_that_contradict_each_other_are_told(chosen: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SealSettings.model_validate(chosen)
