"""Archived letters raised: beside the sealed bytes, once, and renewed before their stamps end."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.fixity import Expectation, FixityState, check_fixity
from ledger import renditions
from ledger.renditions import Raisable
from schemas.documents import StoredObject
from schemas.levels import SealLevel
from signing.examination import examine
from tests.building.pki import Pki, pki
from tests.building.sealing_shop import Shop, agency
from workers.raising import Raise, RaiseOutcome, RaiseState

A = "430111"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(autouse=True)
def all_there(servers: Pki) -> None:
    servers.down.clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgresql_url")
    return found


def shop_of(servers: Pki, tmp_path: Path, url: str, level: str, *stamps: str) -> Shop:
    made = Shop(
        tmp_path, url, servers, [agency(A, servers, *(stamps or (servers.stamps,)), level=level)]
    )
    made.plan(A)
    return made


@pytest.fixture
def shop(tmp_path: Path, url: str, servers: Pki) -> Iterator[Shop]:
    """Letters that should have been B-LTA and were sealed while the servers were away."""
    servers.down.add("tsa")
    made = shop_of(servers, tmp_path, url, "B-LTA")
    made.make()
    servers.down.clear()
    yield made
    made.office.close()


def run(raising: Raise, **chosen: Any) -> list[RaiseOutcome]:
    return [raising.one(work) for work in raising.waiting(renew_days=90, **chosen)]


def kept(shop: Shop) -> list[dict[str, Any]]:
    with shop.office.database.reading() as connection:
        return renditions.listing(connection)


def read(shop: Shop, row: dict[str, Any]) -> bytes:
    return shop.archive.get(row["storage_key"], row["version_id"])


def test_letters_are_marked_with_the_level_that_they_have_and_should_have(
    shop: Shop,
) -> None:
    assert {(row["level"], row["level_wanted"]) for row in shop.rows()} == {("B-B", "B-LTA")}


def test_what_was_sealed_below_its_level_is_raised_and_its_bytes_stay(shop: Shop) -> None:
    before = {row["document_id"]: read(shop, row) for row in shop.rows()}
    done = run(shop.raising())
    assert {outcome.state for outcome in done} == {RaiseState.RAISED}
    assert {outcome.level for outcome in done} == {SealLevel.B_LTA}
    assert {row["document_id"]: read(shop, row) for row in shop.rows()} == before
    assert_genuine(shop)
    for row in kept(shop):
        content = read(shop, row)
        assert content.startswith(before[row["document_id"]])
        assert hashlib.sha256(content).hexdigest() == row["sha256"]


def test_raising_twice_makes_nothing_new(shop: Shop) -> None:
    run(shop.raising())
    assert run(shop.raising()) == []
    assert {row["seq"] for row in kept(shop)} == {1}


def test_of_two_that_raise_the_same_letter_one_comes_too_late(shop: Shop) -> None:
    one, two = shop.raising(), shop.raising()
    work = one.waiting(renew_days=90, limit=1)
    assert one.one(work[0]).state is RaiseState.RAISED
    late = two.one(work[0])
    assert (late.state, late.problem) == (RaiseState.TAKEN, None)
    assert len(kept(shop)) == 1
    assert len([each for each in shop.archive.walk() if "/rendition-" in each.key]) == 1


def test_what_a_killed_run_had_made_is_stored_by_the_next_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    first = shop.raising()
    work = first.waiting(renew_days=90, limit=1)
    with monkeypatch.context() as patch:
        patch.setattr(first, "_put", die)
        with pytest.raises(Killed):
            first.one(work[0])
    done = run(shop.raising())
    assert done[0].state is RaiseState.STORED
    assert {row["seq"] for row in kept(shop)} == {1}
    assert run(shop.raising()) == []


def test_an_archive_time_stamp_is_renewed_before_its_authority_ends(
    tmp_path: Path, url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pki(tmp_path_factory.mktemp("short"), tsa_until="2027-01-15") as short:
        shop = shop_of(short, tmp_path, url, "B-LTA", short.stamps, short.other_stamps)
        shop.make()
        assert {row["level"] for row in shop.rows()} == {"B-LTA"}
        assert shop.raising().waiting(renew_days=7) == []
        # the authority that ends is not asked any more
        short.down.add("tsa/tsa")
        done = run(shop.raising())
        assert {(o.state, o.level) for o in done} == {(RaiseState.RENEWED, SealLevel.B_LTA)}
        assert {row["stamp_until"].year for row in kept(shop)} == {2090}
        assert run(shop.raising()) == []
        assert_genuine(shop)
        shop.office.close()


def assert_genuine(shop: Shop) -> None:
    trusted = [shop.pki.certificate("root")]
    for row in kept(shop):
        verdict = examine(read(shop, row), trusted, stamp_roots=trusted)
        assert (verdict.genuine, verdict.level, verdict.number) == (True, "B-LTA", row["number"])


def test_servers_that_are_away_are_told_and_the_next_run_tries_again(
    shop: Shop, servers: Pki
) -> None:
    servers.down.update({"tsa"})
    done = run(shop.raising())
    assert {outcome.state for outcome in done} == {RaiseState.FAILED}
    assert all(outcome.problem and servers.url in str(outcome.problem) for outcome in done)
    assert kept(shop) == []
    servers.down.clear()
    assert {outcome.state for outcome in run(shop.raising())} == {RaiseState.RAISED}


def test_without_responders_a_letter_gets_its_time_at_least_and_evidence_later(
    shop: Shop, servers: Pki
) -> None:
    servers.down.update({"ocsp", "crls"})
    done = run(shop.raising(), limit=1)
    assert [(o.level, o.state) for o in done] == [(SealLevel.B_T, RaiseState.RAISED)]
    assert done[0].problem
    # nothing more can be had: no time stamp is put upon the other
    assert [o.state for o in run(shop.raising(), limit=1)] == [RaiseState.FAILED]
    servers.down.clear()
    assert [o.level for o in run(shop.raising(), limit=1)] == [SealLevel.B_LTA]
    assert [row["seq"] for row in kept(shop)] == [1, 2]


@pytest.mark.parametrize("level", ["B-T", "B-LT"])
def test_letters_of_other_levels_are_raised_on_demand(
    tmp_path: Path, servers: Pki, url: str, level: str
) -> None:
    shop = shop_of(servers, tmp_path, url, level)
    shop.make()
    assert run(shop.raising()) == []
    done = run(shop.raising(), at_least=SealLevel.B_LTA)
    assert {(o.before, o.level) for o in done} == {(SealLevel(level), SealLevel.B_LTA)}
    shop.office.close()


def test_an_object_that_is_not_what_was_sealed_is_not_raised(shop: Shop) -> None:
    row = shop.rows()[0]
    file = shop.archive.root / row["storage_key"]
    file.chmod(0o600)
    file.write_bytes(b"forged")
    done = {outcome.document_id: outcome for outcome in run(shop.raising())}
    assert done.pop(row["document_id"]).state is RaiseState.FAILED
    assert {outcome.state for outcome in done.values()} == {RaiseState.RAISED}


def test_fixity_and_the_walk_know_renditions(shop: Shop) -> None:
    run(shop.raising(), limit=1)
    (row,) = kept(shop)
    stored = StoredObject(
        key=row["storage_key"],
        version_id=row["version_id"],
        sha256=row["sha256"],
        size=row["size"],
    )
    (finding,) = check_fixity(shop.archive, [Expectation(stored=stored)])
    assert finding.state is FixityState.INTACT
    assert row["storage_key"].endswith(f"/{row['sha256']}.pdf")
    assert stored.key in {found.key for found in shop.archive.walk(f"{A}/")}


def test_only_what_is_named_is_raised(shop: Shop) -> None:
    raising = shop.raising()
    assert raising.waiting(renew_days=90, agency="430112") == []
    assert raising.waiting(renew_days=90, year=1999) == []
    assert len(raising.waiting(renew_days=90, limit=1)) == 1
    assert all(isinstance(work, Raisable) for work in raising.waiting(renew_days=90))
