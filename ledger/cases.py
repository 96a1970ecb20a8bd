"""Cases in the ledger: locked as stubs first, then opened, changed and read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cases.case import Case
from ledger.tables import cases

#: characters of the longest case number that the ledger holds
CASE_NO_LENGTH = 64


def lock(connection: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """A row exists for each (agency, case_no) and is locked, in sorted order.

    A case that is not open yet gets a stub: without a row to lock, an event could be parked
    in the very moment in which its case opens, and wait for ever.
    """
    for agency, case_no in sorted(set(pairs)):
        if not _hold(connection, agency, case_no):
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            stub = dialect.insert(cases).values(agency=agency, case_no=case_no)
            connection.execute(stub.on_conflict_do_nothing())
            _hold(connection, agency, case_no)


def _hold(connection: Connection, agency: str, case_no: str) -> bool:
    """The case's row is locked; False where there is none."""
    query = select(cases.c.agency).where(cases.c.agency == agency, cases.c.case_no == case_no)
    return connection.execute(query.with_for_update()).first() is not None


def load(connection: Connection, agency: str, case_no: str) -> Case | None:
    """The case as it stands; None for a stub or where there is none."""
    body = connection.execute(
        select(cases.c.body).where(cases.c.agency == agency, cases.c.case_no == case_no)
    ).scalar_one_or_none()
    return None if body is None else Case.model_validate(body)


def save(connection: Connection, case: Case, *, at: datetime) -> None:
    """The case stands as ``case`` says; its row must be there and locked."""
    mine = (cases.c.agency == case.agency, cases.c.case_no == case.case_no)
    opened = connection.execute(select(cases.c.opened_at).where(*mine)).scalar_one()
    connection.execute(
        update(cases)
        .where(*mine)
        .values(
            state=case.state,
            body=_body(case),
            opened_at=opened or at,
            changed_at=at,
        )
    )


def find(connection: Connection, case_no: str, agency: str | None = None) -> list[Case]:
    """The open or cleared cases of that number, of any agency unless one is named."""
    query = select(cases.c.body).where(cases.c.case_no == case_no, cases.c.body.is_not(None))
    if agency is not None:
        query = query.where(cases.c.agency == agency)
    return [Case.model_validate(row.body) for row in connection.execute(query)]


def everything(connection: Connection) -> list[dict[str, Any]]:
    """A row a case: agency, case_no, state, opened_at, changed_at."""
    columns = (
        cases.c.agency,
        cases.c.case_no,
        cases.c.state,
        cases.c.opened_at,
        cases.c.changed_at,
    )
    query = (
        select(*columns).where(cases.c.body.is_not(None)).order_by(cases.c.agency, cases.c.case_no)
    )
    return [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001


def _body(case: Case) -> dict[str, Any]:
    """As JSON. What came later than the first release is left out while it says nothing.

    During an upgrade, workers of the release before it read the case too, and refuse what they do
    not know.
    """
    unsaid = set() if case.spared else {"spared"}
    return case.model_dump(mode="json", by_alias=True, exclude=unsaid)
