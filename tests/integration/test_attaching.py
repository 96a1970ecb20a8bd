"""Scans that are brought back: kept in the ledger while the store is away, stored afterwards."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.directory import DirectoryArchive
from archive.keys import digest_of
from ledger.watch import Watch
from schemas.documents import AttachedFile, AttachmentRole, StoredObject
from schemas.errors import Invalid, Misconfigured, Unavailable
from schemas.workdays import WorkCalendar
from tests.building.office import Office, example
from tests.building.workshop import DyingArchive, Fuse, Killed, Workshop
from workers.attaching import Outcome, attach
from workers.reconciling import Reconcile
from workers.shelving import Shelf

SCAN = b"\x89PNG signed by hand"
REFUSED = b"\x89PNG that no store takes"


class AwayArchive(DirectoryArchive):
    """An archive whose disk does not answer."""

    def put(self, key: str, content: bytes, **how: Any) -> StoredObject:
        raise Unavailable("磁盘没有响应", "the disk does not answer")


class PickyArchive(DirectoryArchive):
    """An archive that refuses one file for good."""

    def put(self, key: str, content: bytes, **how: Any) -> StoredObject:
        if content == REFUSED:
            raise Misconfigured("存储拒绝此文件", "the store refuses this file")
        return super().put(key, content, **how)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db")
    opened.take(example("21"))
    opened.work()
    yield opened
    opened.close()


@pytest.fixture
def workshop(office: Office, tmp_path: Path) -> Workshop:
    return Workshop(office, tmp_path / "archive")


def bring(office: Office, archive: DirectoryArchive, content: bytes = SCAN) -> Outcome:
    file = AttachedFile(
        role=AttachmentRole.SIGNED_COPY,
        media_type="image/png",
        content=content,
        sha256=digest_of(content),
        pages=1,
        brought_by="刘晓云",
    )
    (row,) = office.register()
    shelf = Shelf(archive, office.directory)
    return attach(office.database, shelf, row["document_id"], file, clock=office.clock)


def reconcile(office: Office, archive: DirectoryArchive) -> int:
    office.clock.move(timedelta(seconds=60))
    stage = Reconcile(
        database=office.database,
        shelf=Shelf(archive, office.directory),
        watch=Watch(directory=office.directory, calendar=WorkCalendar()),
        settings=office.settings,
        clock=office.clock,
    )
    return stage.step()


def test_a_scan_is_attached_once_and_archived_with_its_document(
    office: Office, workshop: Workshop, tmp_path: Path
) -> None:
    workshop.work()
    archive = DirectoryArchive(tmp_path / "archive")
    assert bring(office, archive) == Outcome(new=True, stored=True)
    assert bring(office, archive) == Outcome(new=False, stored=True)
    _, (_, copy) = workshop.rows()
    assert archive.get(copy["storage_key"], None) == SCAN
    assert copy["storage_key"].endswith(f"{digest_of(SCAN)}.png")


def test_a_document_that_is_not_archived_has_no_signed_copy(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        bring(office, DirectoryArchive(tmp_path / "archive"))
    assert refused.value.problems[0].code == "document_not_archived"


def test_a_scan_that_came_while_the_store_was_away_is_stored_when_it_is_back(
    office: Office, workshop: Workshop, tmp_path: Path
) -> None:
    workshop.work()
    away = AwayArchive(tmp_path / "archive")
    assert bring(office, away) == Outcome(new=True, stored=False)
    with pytest.raises(Unavailable):
        reconcile(office, away)
    office.clock.move(timedelta(minutes=5))
    archive = DirectoryArchive(tmp_path / "archive")
    assert reconcile(office, archive) == 1
    _, (_, copy) = workshop.rows()
    assert archive.get(copy["storage_key"], None) == SCAN
    assert copy["pinned"] is None


def test_a_scan_that_the_store_refuses_holds_up_none_behind_it(
    office: Office, workshop: Workshop, tmp_path: Path
) -> None:
    workshop.work()
    for content in (REFUSED, SCAN):
        bring(office, AwayArchive(tmp_path / "archive"), content)
    with pytest.raises(Unavailable, match="refuses this file"):
        reconcile(office, PickyArchive(tmp_path / "archive"))
    _, (_, refused, kept) = workshop.rows()
    assert (refused["storage_key"], refused["pinned"]) == (None, REFUSED)
    assert kept["storage_key"] is not None


@pytest.mark.parametrize("act", [1, 2])
def test_a_command_that_is_killed_before_or_after_it_stored_leaves_one_object(
    office: Office, workshop: Workshop, tmp_path: Path, act: int
) -> None:
    workshop.work()
    with pytest.raises(Killed):
        bring(office, DyingArchive(tmp_path / "archive", Fuse(at=act)))
    assert reconcile(office, DirectoryArchive(tmp_path / "archive")) == 1
    assert len(workshop.objects()) == 3
    _, (_, copy) = workshop.rows()
    assert copy["storage_key"] is not None
