"""Metrics: read from the ledger when they are asked for, without anybody's data."""

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ledger import trail
from ledger.database import Database
from ledger.watch import Watch
from schemas.configuration import SealSettings
from schemas.errors import Misconfigured, Unavailable
from schemas.workdays import WorkCalendar
from tests.building.installation import Installation
from tests.building.office import Office, example, examples, out
from tests.servers.process import free_port
from workers.metrics.keys import KeyMetrics
from workers.metrics.ledger import LedgerMetrics
from workers.metrics.serving import UP, serving
from workers.sealing import SealRoom
from workers.settings import Settings

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db")
    yield opened
    opened.close()


def source(office: Office) -> LedgerMetrics:
    watch = Watch(directory=office.directory, calendar=WorkCalendar())
    return LedgerMetrics(database=office.database, watch=watch, clock=office.clock)


def fetch(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def scrape(office: Office) -> dict[tuple[str, str], float]:
    """Values by name and label."""
    with serving("127.0.0.1:0", [source(office)], office.database) as port:
        text = fetch(port)
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_count_is_the_ledgers(office: Office) -> None:
    office.take(*examples("01", "05"), b"no event")
    office.work()
    found = scrape(office)
    assert found["hanyin_inbox_events", "applied"] == 2
    assert found["hanyin_inbox_events", "rejected"] == 1
    assert found["hanyin_documents", "planned"] == 4
    assert found["hanyin_documents", "void"] == 0
    assert found["hanyin_outbox_waiting_messages", "hanyin.rejections"] == 1
    assert found[UP, ""] == 1


def test_a_deadline_that_passed_is_counted_while_it_is_due(office: Office) -> None:
    office.take(example("24"))
    office.work()
    with office.database.writing() as connection:
        out(connection, office.clock())
    assert scrape(office)["hanyin_deadlines_due", "service"] == 0
    office.clock.move(timedelta(days=30))
    found = scrape(office)
    assert found["hanyin_deadlines_due", "service"] == 2
    assert found["hanyin_deadlines_due", "repayment"] == 0


def test_alarms_are_counted_by_what_they_are_and_survive_a_restart(office: Office) -> None:
    for _ in range(3):
        with office.database.writing() as connection:
            trail.note(
                connection, at=office.clock(), actor="x", action="letter_refused", alarm=True
            )
    assert scrape(office)["hanyin_alarms_total", "letter_refused"] == 3
    assert scrape(office)["hanyin_alarms_total", "letter_refused"] == 3


def test_no_name_and_no_number_of_a_person_is_in_the_metrics(office: Office) -> None:
    office.take(*examples("01", "02", "04", "11", "24"))
    office.work()
    with serving("127.0.0.1:0", [source(office)], office.database) as port:
        text = fetch(port)
    assert text.isascii()
    assert "430111" not in text


def test_a_ledger_that_is_away_is_said_and_breaks_no_scrape(office: Office) -> None:
    class Away:
        names = ("hanyin_nothing",)

        def read(self) -> list[object]:
            raise Unavailable("数据库没有响应", "the database is away")

    with serving("127.0.0.1:0", [Away(), source(office)], office.database) as port:  # type: ignore[list-item]
        text = fetch(port)
    assert "hanyin_ledger_up 0.0" in text
    assert "hanyin_documents{" in text


def test_an_address_that_is_taken_is_an_error_that_names_the_setting(office: Office) -> None:
    with (
        serving("127.0.0.1:0", [], office.database) as port,
        pytest.raises(Misconfigured, match="HANYIN_METRICS_LISTEN"),
        serving(f"127.0.0.1:{port}", [], office.database),
    ):
        raise AssertionError


def _status(port: int, path: str, method: str = "GET") -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_health_is_told_and_nothing_else_is_there(office: Office) -> None:
    with serving("127.0.0.1:0", [source(office)], office.database) as port:
        assert [_status(port, path) for path in ("/livez", "/readyz", "/metrics")] == [200] * 3
        for path in ("/", "/metrics/", "/livez/x", "/metrics%2f", "/favicon.ico"):
            assert _status(port, path) == 404
        assert _status(port, "/metrics", "POST") == 405


def test_a_process_whose_ledger_is_away_lives_and_is_not_ready() -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    with serving("127.0.0.1:0", [], away) as port:
        assert [_status(port, path) for path in ("/livez", "/readyz")] == [200, 503]


def test_every_metric_is_documented(office: Office) -> None:
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert [name for name in (*source(office).names, UP) if f"`{name}`" not in page] == []


def test_work_serves_where_it_is_told_to(embedded: Installation) -> None:
    port = free_port()
    told = Installation(
        name="metrics",
        variables={**embedded.variables, "HANYIN_METRICS_LISTEN": f"127.0.0.1:{port}"},
    )
    tree = subprocess.Popen(told.command("work"), env=told.environment, stderr=subprocess.DEVNULL)
    try:
        assert "hanyin_ledger_up 1.0" in _patiently(port)
    finally:
        tree.terminate()
        tree.wait(30)


def _patiently(port: int) -> str:
    for _ in range(100):
        try:
            return fetch(port)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("nothing is served")


def test_the_end_of_each_agency_s_certificate_is_told(office: Office, tmp_path: Path) -> None:
    room = SealRoom(Settings(home=tmp_path), office.directory)
    with serving("127.0.0.1:0", [KeyMetrics(room)], office.database) as port:
        found = fetch(port)
    ends = room.expiries()["430111"].timestamp()
    (told,) = [line for line in found.splitlines() if line.startswith("hanyin_certificate_end")]
    assert float(told.split()[-1]) == ends


def test_a_key_that_does_not_open_leaves_the_other_metrics_alone(
    office: Office, tmp_path: Path
) -> None:
    (agency,) = office.directory.agencies
    bad = agency.model_copy(update={"seal": SealSettings(key_file="none.p12")})
    directory = office.directory.model_copy(update={"agencies": [bad]})
    room = SealRoom(Settings(home=tmp_path), directory)
    with serving("127.0.0.1:0", [source(office), KeyMetrics(room)], office.database) as port:
        found = fetch(port)
    assert "hanyin_documents" in found
    assert "430111" not in found
