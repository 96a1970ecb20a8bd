"""``hanyin documents retry``: by number or by what failed; looked at, and asked for, before."""

import os
import pty
import select
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select as chosen
from sqlalchemy import update

from ledger import production, trail
from ledger.database import Database
from ledger.failures import FailureQuery, failed
from ledger.lives import LifeAction
from ledger.tables import documents as table
from schemas.documents import DocumentKind
from tests.building.installation import Installation, example_file
from tests.building.office import Office, example

NOTICE, STOP = DocumentKind.RECOVERY_NOTICE, DocumentKind.STOP_PAYMENT_LETTER
THEN = datetime(2026, 11, 20, 4, tzinfo=UTC)
ERROR = {"code": "conversion_failed", "message": "不行", "message_en": "no"}


def fail(database: Database, kind: DocumentKind, at: datetime) -> list[str]:
    """Every document of the kind has failed at that moment; their ids."""
    with database.writing() as connection:
        mine = table.c.kind == kind
        ids = list(connection.execute(chosen(table.c.document_id).where(mine)).scalars())
        connection.execute(update(table).where(mine).values(state="failed", error=ERROR))
        for each in ids:
            trail.note(connection, at=at, actor="produce", action=LifeAction.FAILED, subject=each)
    return ids


@pytest.fixture
def broken(embedded: Installation) -> Installation:
    """A notice that failed on the 20th, stop letters that failed a day later."""
    quick = replace(embedded, forked=True)
    quick.run("publish", str(example_file("01")))
    quick.run("work", "--drain", "--only", "receive,apply")
    database = Database(quick.settings().database)
    fail(database, NOTICE, THEN)
    fail(database, STOP, THEN + timedelta(days=1))
    database.close()
    return quick


def states(installation: Installation) -> dict[str, str]:
    return {row["kind"]: row["state"] for row in installation.rows("documents", "list")}


def test_all_that_failed_is_made_again_after_a_look_that_changes_nothing(
    broken: Installation,
) -> None:
    looked = broken.rows("documents", "retry", "--all-failed", "--dry-run")
    assert {row["kind"] for row in looked} == {NOTICE, STOP}
    assert {row["code"] for row in looked} == {"conversion_failed"}
    assert states(broken)[NOTICE] == "failed"
    # nobody is at a terminal: nothing is asked
    broken.run("documents", "retry", "--all-failed")
    assert "failed" not in states(broken).values()
    actions = [row["action"] for row in broken.rows("trail", "--action", "document_retried")]
    assert len(actions) == len(looked)


def test_some_are_chosen_by_kind_and_by_when_they_failed(broken: Installation) -> None:
    broken.run("documents", "retry", "--since", "2026-11-21", "--kind", NOTICE)
    assert states(broken)[NOTICE] == "failed"
    # Beijing time: the 20th, 04:00 UTC is noon there
    assert broken.rows("documents", "retry", "--since", "2026-11-20T12:01", "--dry-run") != []
    broken.run("documents", "retry", "--since", "2026-11-20T12:01")
    assert (states(broken)[NOTICE], states(broken)[STOP]) == ("failed", "planned")
    broken.run("documents", "retry", "--kind", NOTICE, "--agency", "430102")
    assert states(broken)[NOTICE] == "failed"
    broken.run("documents", "retry", "--kind", NOTICE, "--since", "2026-11-20T12:00")
    assert states(broken)[NOTICE] == "planned"


def test_numbers_and_filters_are_not_mixed_and_one_of_them_is_needed(
    broken: Installation,
) -> None:
    number = broken.rows("documents", "list")[0]["number"]
    broken.run("documents", "retry", number, "--all-failed", codes=(1,))
    broken.run("documents", "retry", codes=(1,))
    assert states(broken)[NOTICE] == "failed"


def test_of_numbers_all_are_made_again_or_none(broken: Installation) -> None:
    numbers = {row["kind"]: row["number"] for row in broken.rows("documents", "list")}
    well = numbers[DocumentKind.SUSPENSION_NOTICE]
    broken.run("documents", "retry", numbers[NOTICE], well, codes=(1,))
    assert states(broken)[NOTICE] == "failed"
    broken.run("documents", "retry", numbers[NOTICE], "--dry-run")
    assert states(broken)[NOTICE] == "failed"
    broken.run("documents", "retry", numbers[NOTICE])
    assert states(broken)[NOTICE] == "planned"


@pytest.mark.parametrize(("typed", "after"), [("n\n", "failed"), ("y\n", "planned")])
def test_whoever_is_at_a_terminal_is_asked(broken: Installation, typed: str, after: str) -> None:
    words = broken.command("documents", "retry", "--all-failed")
    assert "[y/N]" in at_a_terminal(words, broken.environment, typed)
    assert states(broken)[NOTICE] == after


def at_a_terminal(words: list[str], environment: dict[str, str], typed: str) -> str:
    """What the command says to somebody at a terminal who types that once he is asked."""
    child, terminal = pty.fork()
    if not child:
        os.execve(words[0], words, environment)  # noqa: S606 -- this Python
    said = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if b"[y/N]" in piece:
            os.write(terminal, typed.encode())
        said += piece
    os.waitpid(child, 0)
    os.close(terminal)
    return said.decode()


def test_a_document_that_was_retried_and_failed_anew_counts_by_its_last_failure(
    tmp_path: Path,
) -> None:
    office = Office(f"sqlite:///{tmp_path}/ledger.db")
    office.take(example("01"))
    office.work()
    ids = fail(office.database, NOTICE, THEN)
    with office.database.writing() as connection:
        assert all(production.retry(connection, each) for each in ids)
        assert failed(connection, FailureQuery()) == []
    fail(office.database, NOTICE, THEN + timedelta(days=3))
    found: list[dict[str, Any]]
    with office.database.reading() as connection:
        found = failed(connection, FailureQuery(since=THEN + timedelta(days=2)))
    assert [row["document_id"] for row in found] == ids
    office.close()
