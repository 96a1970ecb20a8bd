"""A ledger that somebody rewrote, and nothing else: no other letter is handed out, all shows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from ledger.database import Database
from ledger.tables import attachments, documents, outbox
from tests.building.installation import Installation, example_file

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

#: all that says where the bytes are and what they are
_BYTES = ("storage_key", "version_id", "sealed_sha256", "size", "pages")
Row = dict[str, Any]


@contextmanager
def ledger_of(installation: Installation) -> Iterator[Connection]:
    database = Database(installation.settings().database)
    with database.writing() as connection:
        yield connection
    database.close()


def rewrite(installation: Installation, letter: Row, **values: Any) -> Row:
    """The letter's row has these values; what it had before."""
    mine = documents.c.document_id == letter["document_id"]
    with ledger_of(installation) as connection:
        before = connection.execute(select(documents).where(mine)).one()._mapping
        connection.execute(update(documents).where(mine).values(values))
    return {name: before[name] for name in values}


def letters(installation: Installation) -> dict[str, Row]:
    """A letter of each kind."""
    return {row["kind"]: row for row in installation.rows("documents", "list")}


def findings(installation: Installation) -> dict[str, list[str]]:
    """Number → in what it is another's, by ``archive fixity``."""
    rows = installation.run("archive", "fixity", "--json", codes=(0, 1))
    return {row["number"]: row["differs"] for row in json.loads(rows) if row["differs"]}


def test_what_was_rewritten_is_not_handed_out_and_is_named(
    installation: Installation, tmp_path: Path
) -> None:
    installation.publish(example_file("01"))
    installation.run("work", "--drain", codes=(0, 3))
    assert findings(installation) == {}
    stop, notice = (
        letters(installation)[kind] for kind in ("stop_payment_letter", "recovery_notice")
    )
    for values, differs in _rewritings(notice):
        number = str(values.get("number", stop["number"]))
        file = tmp_path / f"{len(differs)}.pdf"
        before = rewrite(installation, stop, **values)
        assert findings(installation) == {number: differs}
        refused = {"key", "number"} & set(differs)
        ended = installation.ended("documents", "get", number, "-o", str(file))
        assert (ended.returncode, file.exists()) == (1, False) if refused else (0, True)
        rewrite(installation, stop, **before)
        file.unlink(missing_ok=True)
    assert unexplained(installation) == {}
    _attachment(installation, notice, stop, tmp_path / "record.pdf")
    rewrite(installation, stop, state="void", void_reason="?", bank_code="102551000018")
    assert unexplained(installation) == {stop["document_id"]: ["recipient", "void"]}
    assert "recipient, void" in installation.run("archive", "reconcile", codes=(1,))
    trail = installation.rows("trail", stop["number"])
    assert [row["action"] for row in trail] == [
        "document_planned",
        "document_archived",
        "letter_sent",
    ]
    _deleted(installation, stop)


def _deleted(installation: Installation, letter: Row) -> None:
    """What is deleted from the ledger leaves a gap, which everybody is told who looks."""
    with ledger_of(installation) as connection:
        for table in (outbox, attachments, documents):
            connection.execute(delete(table).where(table.c.document_id == letter["document_id"]))
    assert unexplained(installation) == {letter["document_id"]: ["document_gone"]}
    for words in (("register",), ("register", "--csv"), ("archive", "fixity")):
        ended = installation.ended(*words)
        assert (ended.returncode, letter["number"] in ended.stderr) == (1, True)


def unexplained(installation: Installation) -> dict[str, list[str]]:
    """Document id → in what its row is not what the trail says, by ``archive reconcile``."""
    found = json.loads(installation.run("archive", "reconcile", "--json", codes=(0, 1)))
    return {each["document_id"]: each["differs"] for each in found["unexplained"]}


def _rewritings(other: Row) -> Iterator[tuple[Row, list[str]]]:
    """What is changed of a stop letter's row, and in what it differs from its seal then."""
    names = ("storage_key", "version_id", "sha256", "bytes", "pages")
    pointed = {name: other[told] for name, told in zip(_BYTES, names, strict=True)}
    yield pointed, ["key", "number", "kind"]
    yield {"number": "稽（止付）字〔2026〕第99号"}, ["number"]
    yield {"kind": "release_payment_letter"}, ["kind"]
    yield {"certificate": {"subject": "CN=somebody", "serial": "1"}}, ["agency"]


def _attachment(installation: Installation, mine: Row, other: Row, file: Path) -> None:
    """An attachment that is pointed at another letter is not handed out either."""
    with ledger_of(installation) as connection:
        connection.execute(
            update(attachments)
            .where(attachments.c.document_id == mine["document_id"])
            .values(
                storage_key=other["storage_key"],
                version_id=other["version_id"],
                sha256=other["sha256"],
            )
        )
    words = ("documents", "get", mine["number"], "--attachment", "1", "-o", str(file))
    installation.run(*words, codes=(1,))
    assert findings(installation) == {mine["number"]: ["key"]}
