"""A faulty template is an alarm when work begins, said once, and stops its own letters alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger.tables import trail
from schemas.documents import DocumentKind
from templates.catalogue import WORD_FILE
from templates.library import Library
from tests.building.office import Office
from tests.building.words import changed
from workers.settings import Settings
from workers.template_check import check_templates, report_templates

STOP = DocumentKind.STOP_PAYMENT_LETTER
MINE = "430111"


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    yield opened
    opened.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "templates"
    made.mkdir()
    return made


def put(home: Path, owner: str, content: bytes) -> None:
    folder = home / owner / STOP.value
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WORD_FILE).write_bytes(content)


def begin(office: Office, home: Path) -> list[tuple[str, str | None]]:
    """Work begins; the alarms that are on record then."""
    settings = Settings(database_url=office.url, templates_dir=home)
    report_templates(settings, office.directory)
    with office.database.reading() as connection:
        rows = connection.execute(select(trail).where(trail.c.alarm).order_by(trail.c.seq))
        return [(row.action, row.subject) for row in rows]


def test_a_sound_template_is_no_alarm(office: Office, home: Path) -> None:
    put(home, MINE, changed(STOP, "通知", "函告").docx)
    put(home, "default", changed(STOP, "通知", "告知").docx)
    assert begin(office, home) == []


def test_a_faulty_template_is_one_alarm_until_it_is_another_file(
    office: Office, home: Path
) -> None:
    put(home, MINE, changed(STOP, "{{ stop_from }}", "{{ stop_form }}").docx)
    alarm = ("template_faulty", f"{MINE}/{STOP.value}")
    assert begin(office, home) == [alarm]
    assert begin(office, home) == [alarm]
    put(home, MINE, b"no Word file")
    assert begin(office, home) == [alarm, alarm]


def test_what_no_letter_will_use_is_an_alarm_without_its_name(office: Office, home: Path) -> None:
    put(home, "长沙市" * 20, changed(STOP, "通知", "函告").docx)
    (home / "王一一.docx").touch()
    assert begin(office, home) == [("template_unused", None)]
    assert begin(office, home) == [("template_unused", None)]
    found = check_templates(Library(home), office.directory)
    assert [fault.name for fault in found] == ["王一一.docx", "长沙市" * 20]
