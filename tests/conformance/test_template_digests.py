"""Each letter and each form keeps the digest of the template that it was made from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.documents import DocumentKind
from tests.building.office import Office, examples
from tests.building.workshop import Workshop, template_of


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    yield opened
    opened.close()


def test_a_letter_and_its_form_keep_the_digest_of_their_agencys_template(
    office: Office, tmp_path: Path
) -> None:
    workshop = Workshop(office, tmp_path / "archive")
    office.take(*examples("24"))
    office.work()
    workshop.work()
    letters, forms = workshop.rows()
    assert letters
    assert forms
    agency = letters[0]["agency"]
    assert {row["document_id"]: row["template_sha256"] for row in letters} == {
        row["document_id"]: template_of(row["kind"], agency) for row in letters
    }
    record = template_of(DocumentKind.SERVICE_RECORD, agency)
    assert {row["template_sha256"] for row in forms} == {record}


def test_what_is_not_made_yet_has_no_digest(office: Office) -> None:
    office.take(*examples("24"))
    office.work()
    assert {row["template_sha256"] for row in office.register()} == {None}
