"""Cases in the ledger: locked as stubs first, then opened, changed and read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from cases.case import Case
from cases.states import CASES
from ledger.instants import Instant
from ledger.tables import cases

# what each event asks is built once, with values apart
_MINE = (
    cases.c.agency == bindparam("of_agency"),
    cases.c.case_no == bindparam("of_case"),
)
_HOLD = select(cases.c.agency).where(*_MINE).with_for_update()
_LOAD = select(cases.c.body, cases.c.parked_due).where(*_MINE)
_IS_OPEN = select(cases.c.agency).where(*_MINE, cases.c.body.is_not(None))
_AT = bindparam("at", type_=Instant)
#: stands for the state of a stub, which has none
_STUB = ""
_SAVE = (
    update(cases)
    .where(
        *_MINE,
        func.coalesce(cases.c.state, _STUB).in_(bindparam("before", expanding=True)),
    )
    .values(
        state=bindparam("state"),
        body=bindparam("body"),
        opened_at=func.coalesce(cases.c.opened_at, _AT),
        changed_at=_AT,
    )
)

_PARKED_DUE = update(cases).where(*_MINE).values(parked_due=bindparam("due"))
_SLEEPS = (*_MINE, cases.c.body.is_not(None), ~cases.c.parked_due)
_NOT_DUE = select(cases.c.agency).where(*_SLEEPS)
_WAKE = update(cases).where(*_SLEEPS).values(parked_due=True)
_NEXT_DUE = (
    select(cases.c.agency, cases.c.case_no)
    .where(
        cases.c.parked_due,
        tuple_(cases.c.agency, cases.c.case_no)
        > tuple_(bindparam("after_agency"), bindparam("after_case")),
    )
    .order_by(cases.c.agency, cases.c.case_no)
    .limit(1)
)


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
    return connection.execute(_HOLD, _names(agency, case_no)).first() is not None


def load(connection: Connection, agency: str, case_no: str) -> Case | None:
    """The case as it stands; None for a stub or where there is none."""
    return load_queued(connection, agency, case_no)[0]


def load_queued(connection: Connection, agency: str, case_no: str) -> tuple[Case | None, bool]:
    """The case, and whether events that were parked for it are still to be applied."""
    row = connection.execute(_LOAD, _names(agency, case_no)).one_or_none()
    if row is None or row.body is None:
        return None, False
    return Case.model_validate(row.body), row.parked_due


def load_all(
    connection: Connection, pairs: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Case]:
    """The cases of these (agency, case_no) that have opened."""
    query = select(cases.c.body).where(are_of(cases, pairs), cases.c.body.is_not(None))
    found = (Case.model_validate(body) for body in connection.execute(query).scalars())
    return {(case.agency, case.case_no): case for case in found}


def are_of(table: FromClause, pairs: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    """That a row of ``table`` is of one of the cases; SQLite finds pairs by no index."""
    numbers: dict[str, list[str]] = {}
    for agency, case_no in pairs:
        numbers.setdefault(agency, []).append(case_no)
    return or_(
        false(),
        *(
            and_(table.c.agency == agency, table.c.case_no.in_(case_nos))
            for agency, case_nos in numbers.items()
        ),
    )


def is_open(connection: Connection, agency: str, case_no: str) -> bool:
    """Whether the case has opened: it is no stub."""
    return connection.execute(_IS_OPEN, _names(agency, case_no)).first() is not None


def save(connection: Connection, case: Case, *, at: datetime) -> None:
    """The case stands as ``case`` says; its row must be there and locked.

    Raises ValueError where no step leads there from where it stood: a defect of the caller.
    """
    values = {"state": case.state, "before": _before(case), "body": _body(case), "at": at}
    if connection.execute(_SAVE, {**_names(case.agency, case.case_no), **values}).rowcount != 1:
        raise ValueError(f"{CASES.title}: no step leads to {case.state} from where it stands")


def set_parked_due(connection: Connection, agency: str, case_no: str, *, due: bool) -> None:
    """Whether events that were parked for the case are still to be applied; its row is locked."""
    connection.execute(_PARKED_DUE, {**_names(agency, case_no), "due": due})


def next_parked_due(connection: Connection, after: tuple[str, str]) -> tuple[str, str] | None:
    """The first case behind ``after`` with parked events to apply, in sorted order; or None."""
    row = connection.execute(_NEXT_DUE, {"after_agency": after[0], "after_case": after[1]}).first()
    return None if row is None else (row.agency, row.case_no)


def count_parked_due(connection: Connection) -> int:
    """How many cases have parked events to apply."""
    query = select(func.count()).select_from(cases).where(cases.c.parked_due)
    return int(connection.execute(query).scalar_one())


def not_due(connection: Connection, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of the cases that are open and whose parked events have no turn."""
    return [
        pair for pair in pairs if connection.execute(_NOT_DUE, _names(*pair)).first() is not None
    ]


def wake(connection: Connection, pairs: Iterable[tuple[str, str]]) -> int:
    """The parked events of those of the cases that are open have their turn; how many cases."""
    return sum(connection.execute(_WAKE, _names(*pair)).rowcount for pair in sorted(pairs))


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


def _before(case: Case) -> list[str]:
    """What its row may say before: the same, what a step leads from, for a new case a stub."""
    stub = [_STUB] if case.state in CASES.starts else []
    return sorted([*stub, case.state, *CASES.before(case.state)])


def _names(agency: str, case_no: str) -> dict[str, str]:
    return {"of_agency": agency, "of_case": case_no}


def _body(case: Case) -> dict[str, Any]:
    """As JSON. What came later than the first release is left out while it says nothing.

    During an upgrade, workers of the release before it read the case too, and refuse what they do
    not know.
    """
    unsaid = {name for name in ("spared", "signatures") if not getattr(case, name)}
    return case.model_dump(mode="json", by_alias=True, exclude=unsaid)
