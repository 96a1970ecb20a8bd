"""A letter that lists others by number and digest is sealed only where they are what it says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from ledger.tables import documents
from tests.building.office import Office, examples
from tests.building.workshop import Workshop


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    yield opened
    opened.close()


def row(office: Office, kind: str) -> dict[str, Any]:
    return next(row for row in office.register() if row["kind"] == kind)


@pytest.mark.parametrize("rewritten", [True, False])
def test_a_list_of_what_the_ledger_was_made_to_say_is_not_sealed(
    office: Office, tmp_path: Path, *, rewritten: bool
) -> None:
    workshop = Workshop(office, tmp_path / "archive")
    office.take(*examples("24"))
    office.work()
    workshop.work()
    notice = row(office, "recovery_notice")
    if rewritten:
        other = row(office, "suspension_notice")
        values = {name: other[name] for name in ("storage_key", "sealed_sha256", "version_id")}
        with office.database.writing() as connection:
            mine = documents.c.document_id == notice["document_id"]
            connection.execute(update(documents).where(mine).values(values))
    office.take(*examples("51"))
    office.work()
    workshop.work()
    referral = row(office, "referral_letter")
    if not rewritten:
        assert referral["state"] == "archived"
        return
    assert (referral["state"], referral["sealed_sha256"]) == ("planned", None)
    assert referral["error"]["code"] == "letter_not_its_own"
