"""送达回证: made and stored with what is served, once, wherever its worker is killed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cases.kinds import SERVED
from schemas.documents import DocumentKind
from tests.building.office import Office, example
from tests.building.workshop import Workshop

#: acts of a worker that makes one served document; the last test counts them
ACTS = 13


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db", attempts=99)
    yield opened
    opened.close()


@pytest.fixture
def workshop(office: Office, tmp_path: Path) -> Workshop:
    return Workshop(office, tmp_path / "archive")


def test_what_is_served_has_a_service_record_and_nothing_else_has(
    office: Office, workshop: Workshop
) -> None:
    office.take(example("01"))
    office.work()
    workshop.work()
    documents, attached = workshop.rows()
    served = {row["document_id"] for row in documents if row["kind"] in SERVED}
    assert {row["document_id"] for row in attached} == served
    assert len(attached) == len(served) == 3
    assert set(workshop.paper.forms) == {DocumentKind.SERVICE_RECORD}


def test_it_names_whom_the_living_letter_can_be_handed_to(
    office: Office, workshop: Workshop
) -> None:
    event = example("01")
    event["data"]["promisor"]["name"] = "刘小雨"
    assert event["data"]["party"]["died_on"] is not None
    office.take(event)
    office.work()
    workshop.work()
    served = {(form["document_name"], form["recipient_name"]) for form in workshop.paper.printed}
    relative, community = (each["name"] for each in event["data"]["notify"])
    assert served == {
        ("多领社会保险待遇追缴告知书", "刘小雨"),
        ("停发待遇告知书", relative),
        ("停发待遇告知函", community),
    }


def test_it_lies_beside_its_document_and_is_kept_as_long(
    office: Office, workshop: Workshop
) -> None:
    office.take(example("21"))
    office.work()
    workshop.work()
    (document,), (record,) = workshop.rows()
    folder = document["storage_key"].rpartition("/")[0]
    assert record["storage_key"] == f"{folder}/{record['sha256']}.pdf"
    assert record["retain_until"] == document["retain_until"]
    assert record["role"] == "service_record"


@pytest.mark.parametrize("act", range(1, ACTS + 1))
def test_it_is_neither_lost_nor_doubled_wherever_its_worker_is_killed(
    office: Office, workshop: Workshop, act: int
) -> None:
    office.take(example("21"))
    office.work()
    workshop.work(killed_at=act)
    office.clock.move(timedelta(seconds=office.settings.lease_seconds * 2))
    workshop.work()
    (document,), (record,) = workshop.rows()
    assert document["state"] == "archived"
    assert document["pinned"] is record["pinned"] is None
    digests = {document["sealed_sha256"], record["sha256"]}
    assert {stored.sha256 for stored in workshop.objects()} == digests
    assert {stored.key for stored in workshop.objects()} == {
        document["storage_key"],
        record["storage_key"],
    }


@pytest.mark.parametrize("first", range(1, ACTS + 1, 3))
@pytest.mark.parametrize("second", range(1, ACTS + 1, 2))
def test_nor_where_the_next_one_is_killed_too(
    office: Office, workshop: Workshop, first: int, second: int
) -> None:
    office.take(example("21"))
    office.work()
    for act in (first, second, None):
        workshop.work(killed_at=act)
        office.clock.move(timedelta(seconds=office.settings.lease_seconds * 2))
    (document,), (record,) = workshop.rows()
    assert len(workshop.objects()) == 2
    assert document["state"] == "archived"
    assert record["storage_key"] is not None


def test_a_worker_that_is_not_killed_acts_as_often_as_the_tests_above_try(
    office: Office, workshop: Workshop
) -> None:
    office.take(example("21"))
    office.work()
    assert workshop.work() == ACTS
