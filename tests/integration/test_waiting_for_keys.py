"""An agency that cannot seal: its letters wait with their numbers, and no other's do."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

from ledger import seal_waits
from ledger.tables import trail as trail_rows
from schemas.configuration import Directory
from schemas.documents import Issuer
from schemas.errors import CannotSeal
from signing.keys import SigningKey
from tests.building.pki import Pki, nobody, pki
from tests.building.sealing_shop import Shop, agency
from workers.sealing import SealRoom, warning_of
from workers.settings import Settings

A, B = "430111", "430112"
HALF_MINUTE = timedelta(seconds=31)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(autouse=True)
def all_there(servers: Pki) -> None:
    servers.down.clear()
    servers.asked.clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgresql_url")
    return found


@pytest.fixture
def key_file(tmp_path: Path, servers: Pki) -> Path:
    """The key that agency A uses; tests put other keys into it."""
    file = tmp_path / "a.p12"
    put(file, servers.key())
    return file


@pytest.fixture
def shop(tmp_path: Path, url: str, servers: Pki, key_file: Path) -> Iterator[Shop]:
    made = Shop(
        tmp_path, url, servers, [agency(A, servers, key_file=str(key_file)), agency(B, servers)]
    )
    yield made
    made.office.close()


def put(file: Path, key: SigningKey) -> None:
    fresh = file.with_suffix(".new")
    content = pkcs12.serialize_key_and_certificates(
        None, key.private, key.certificate, list(key.issuers), NoEncryption()
    )
    fresh.write_bytes(content)
    fresh.rename(file)


def spoil(what: str, shop: Shop, key_file: Path) -> None:
    match what:
        case "key_unusable":
            key_file.write_bytes(b"nothing of use")
        case "certificate_of_another":
            put(key_file, shop.pki.key("stranger"))
        case "certificate_revoked":
            put(key_file, shop.pki.key("revoked"))
        case "certificate_expired":
            shop.clock.move(timedelta(days=365 * 100))


TROUBLES = ["key_unusable", "certificate_of_another", "certificate_revoked"]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_letters_wait_with_their_numbers_and_are_sealed_once_the_key_is_good(
    shop: Shop, key_file: Path, trouble: str
) -> None:
    spoil(trouble, shop, key_file)
    shop.plan(A)
    shop.plan(B)
    numbers = [row["number"] for row in shop.rows()]
    shop.make()
    assert shop.states(A) == {"planned"}
    assert shop.states(B) <= {"archived", "announced"}
    (wait,) = shop.waits()
    assert (wait.agency, wait.error["code"]) == (A, trouble)
    assert wait.documents == len([row for row in shop.rows() if row["agency"] == A])
    # rotation without a restart: the same stage, another file
    put(key_file, shop.pki.key())
    shop.clock.move(HALF_MINUTE)
    shop.make()
    assert shop.states(A) <= {"archived", "announced"}
    assert [row["number"] for row in shop.rows()] == numbers
    assert shop.waits() == []


def test_an_expired_certificate_waits_too(shop: Shop) -> None:
    shop.plan(A)
    shop.clock.move(timedelta(days=365 * 100))
    shop.make()
    assert {wait.error["code"] for wait in shop.waits()} == {"certificate_expired"}
    assert shop.states(A) == {"planned"}


def test_waiting_uses_up_no_attempt_and_renders_nothing(shop: Shop, key_file: Path) -> None:
    spoil("key_unusable", shop, key_file)
    shop.plan(A)
    for _ in range(3 * shop.settings.attempts):
        shop.make()
        shop.clock.move(HALF_MINUTE)
    assert {row["attempts"] for row in shop.rows()} == {0}
    assert shop.states(A) == {"planned"}
    assert shop.renderer.seen == []


def test_one_look_is_enough_for_all_of_the_agency_s_letters(shop: Shop, key_file: Path) -> None:
    spoil("key_unusable", shop, key_file)
    for case in ("000020", "000021", "000022"):
        shop.plan(A, case)
    assert shop.produce.step() == 1
    assert shop.produce.step() == 0
    assert shop.waits()[0].documents == len(shop.rows())


def test_the_alarm_rings_once_and_not_every_half_minute(shop: Shop, key_file: Path) -> None:
    spoil("key_unusable", shop, key_file)
    shop.plan(A)
    for _ in range(3):
        shop.make()
        shop.clock.move(HALF_MINUTE)
    with shop.office.database.reading() as connection:
        rows = connection.execute(trail_rows.select()).all()
    assert [row.subject for row in rows if row.action == "agency_cannot_seal"] == [A]


def test_a_waiting_letter_is_at_once_ready_when_work_starts_with_a_good_key(
    shop: Shop, key_file: Path
) -> None:
    spoil("key_unusable", shop, key_file)
    shop.plan(A)
    shop.make()
    put(key_file, shop.pki.key())
    with shop.office.database.writing() as connection:
        assert seal_waits.wake_issuer(connection, A, Issuer.AGENCY) == len(shop.rows())
    shop.make()
    assert shop.states(A) <= {"archived", "announced"}


def test_time_stamp_servers_that_are_away_hold_up_nobody(
    tmp_path: Path, servers: Pki, url: str
) -> None:
    stamps = (nobody(), nobody())
    shop = Shop(
        tmp_path,
        url,
        servers,
        [agency(A, servers, *stamps, level="B-T", lowest_level="B-T"), agency(B, servers)],
    )
    shop.plan(A)
    shop.plan(B)
    shop.make()
    assert shop.states(A) == {"planned"}
    assert shop.states(B) <= {"archived", "announced"}
    assert [wait.error["code"] for wait in shop.waits()] == ["level_not_reached"]
    shop.office.close()


def test_conditions_tell_when_keys_end_and_what_is_wrong(shop: Shop, key_file: Path) -> None:
    spoil("certificate_of_another", shop, key_file)
    bad, good = shop.room().conditions()
    assert bad.problem is not None
    assert bad.problem.code == "certificate_of_another"
    assert good.problem is None
    assert shop.room().expiries()[B] == shop.pki.key().expires
    assert good.expires is not None
    assert warning_of(good, good.expires - timedelta(days=31)) is None
    assert warning_of(good, good.expires - timedelta(days=29, hours=1)) == 29


def test_a_revoked_key_is_found_before_the_letter_is_made(shop: Shop, key_file: Path) -> None:
    spoil("certificate_revoked", shop, key_file)
    with pytest.raises(CannotSeal, match="revoked"):
        shop.room().demand_ready(A)
    shop.room().demand_ready(B)


def test_the_names_that_a_certificate_must_have_can_be_set(tmp_path: Path, servers: Pki) -> None:
    def room(*names: str) -> SealRoom:
        named = agency(A, servers, certificate_names=list(names))
        directory = Directory(agencies=[named], banks=[], sources=[])
        return SealRoom(Settings(home=tmp_path), directory)

    room("雨花社保").demand_ready(A)
    with pytest.raises(CannotSeal, match="certificate_names"):
        room("另一机构").demand_ready(A)
