"""A letter leaves only where the object is its own: a ledger that was rewritten sends nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from archive.directory import DirectoryArchive
from ledger.tables import outbox
from tests.building.office import Office
from tests.building.post import Letter, Post


@pytest.fixture
def post(ledger_url: str, tmp_path: Path) -> Iterator[Post]:
    office = Office(ledger_url)
    yield Post(office, tmp_path / "archive")
    office.close()


def test_letters_that_are_their_own_leave(post: Post) -> None:
    sent = post.sent()
    assert {row["number"] for row in post.stops()} <= {said for said, _ in sent}
    assert all(said == named for said, named in sent)
    assert post.alarms() == []


def pointed(post: Post, letter: Letter, other: Letter) -> None:
    """Everything that says where its bytes are says the other's."""
    names = ("storage_key", "version_id", "sealed_sha256", "size", "pages")
    post.rewrite(letter, **{name: other[name] for name in names})


def renamed(post: Post, letter: Letter, other: Letter) -> None:
    post.rewrite(letter, number="稽（止付）字〔2026〕第99号", seq=99)


def swapped(post: Post, letter: Letter, other: Letter) -> None:
    """Message, row and digest agree: only the key and the seal say whose it is."""
    pointed(post, letter, other)
    with post.office.database.writing() as connection:
        mine = outbox.c.document_id == letter["document_id"], outbox.c.carries
        envelope = connection.execute(select(outbox.c.envelope).where(*mine)).scalar_one()
        data = envelope["data"] | {"sha256": other["sealed_sha256"], "bytes": other["size"]}
        connection.execute(update(outbox).where(*mine).values(envelope=envelope | {"data": data}))


def copied(post: Post, letter: Letter, other: Letter) -> None:
    """The other's bytes lie under this letter's key too: only the seal says whose they are."""
    swapped(post, letter, other)
    archive = DirectoryArchive(post.root)
    key = letter["storage_key"].replace(letter["sealed_sha256"], other["sealed_sha256"])
    archive.put(
        key,
        archive.get(other["storage_key"], None),
        sha256=other["sealed_sha256"],
        retain_until=other["retain_until"],
        content_type="application/pdf",
    )
    post.rewrite(letter, storage_key=key)


def lost(post: Post, letter: Letter, other: Letter) -> None:
    (post.root / letter["storage_key"]).unlink()


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (pointed, "letter_not_its_own"),
        (renamed, "letter_not_its_own"),
        (swapped, "letter_not_its_own"),
        (copied, "letter_not_its_own"),
        (lost, "object_missing"),
    ],
)
def test_a_letter_that_is_not_its_own_is_held_back_and_no_other(
    post: Post, how: Any, code: str
) -> None:
    letter, other = post.stops()
    how(post, letter, other)
    sent = post.sent()
    assert letter["number"] not in {number for pair in sent for number in pair}
    assert (other["number"], other["number"]) in sent
    assert [each["code"] for each in post.alarms()] == [code]


def test_it_leaves_when_the_ledger_is_right_again(post: Post) -> None:
    letter, other = post.stops()
    pointed(post, letter, other)
    post.sent()
    post.rewrite(letter, storage_key=letter["storage_key"], sealed_sha256=letter["sealed_sha256"])
    post.office.clock.move(timedelta(minutes=10))
    assert (letter["number"], letter["number"]) in post.sent()
    assert len(post.alarms()) == 1


def test_behind_a_letter_that_is_held_back_nothing_leaves_for_its_destination(post: Post) -> None:
    letter, other = post.stops()
    behind = [
        row["number"]
        for row in post.office.register()
        if row["bank_code"]
        and (row["kind"], row["bank_code"][:3]) == (letter["kind"], letter["bank_code"][:3])
    ]
    assert len(behind) > 1
    pointed(post, letter, other)
    assert {number for pair in post.sent() for number in pair}.isdisjoint(behind)
    assert len(post.alarms()) == 1
