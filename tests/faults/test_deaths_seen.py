"""A producer that is killed while its parent lives: the parent frees what it had in hand."""

import os
import signal
from contextlib import closing

import pytest
from sqlalchemy import select

from commands.county import month_of_cases
from ledger.database import Database
from ledger.tables import documents
from tests.building.installation import Installation
from tests.building.processes import below
from tests.building.working import at_work, drained_and_judged, wait_until, with_variables

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]


def test_a_producer_that_ends_is_seen_by_its_parent(installation: Installation) -> None:
    # a lease that nobody waits for
    variables = {"HANYIN_LEASE_SECONDS": "3600", "HANYIN_PRODUCERS": "1"}
    workers = with_variables(installation, variables)
    workers.run("migrate")
    events = [each for each in month_of_cases(4) if "confirmed" in each["type"]]
    workers.put(events)
    with closing(Database(workers.settings().database)) as database, at_work(workers) as tree:

        def count(*condition: object) -> int:
            with database.reading() as connection:
                return len(connection.execute(select(documents).where(*condition)).all())  # type: ignore[arg-type]

        wait_until(lambda: count(documents.c.claim_token.is_not(None)) > 0)
        for producer in below(tree.pid, "workers.producer"):
            os.kill(producer, signal.SIGKILL)
        wait_until(lambda: count(documents.c.deaths > 0) > 0)
        assert count(documents.c.attempts > 0) == 0
        wait_until(lambda: count(documents.c.state != "announced") == 0)
    drained_and_judged(workers, events)
