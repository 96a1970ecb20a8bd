"""What is there for a number that a person typed: the same, else the nearest."""

from difflib import get_close_matches

from sqlalchemy import Connection, Select, select

from ledger.tables import cases, documents, series
from schemas.documents import DocumentNumber
from schemas.typed_numbers import canonical, typed_case_numbers, typed_number

#: numbers that are offered instead of one that is not there
_OFFERED = 3
#: candidates among which the nearest case number is sought
_CANDIDATES = 200
#: letters taken off the end of a case number to find its neighbours
_SHORTER = 4
#: likeness (difflib) below which a series is another one
_LIKE = 0.4


def meant_documents(connection: Connection, text: str) -> list[str]:
    """The numbers that are there and that ``text`` means, however its brackets are typed."""
    typed = typed_number(text)
    if typed is None:
        return []
    numbers = [
        str(DocumentNumber(series=name, year=typed.year, seq=typed.seq))
        for name in _series(connection)
        if canonical(name) == typed.series
    ]
    return _names(connection, select(documents.c.number).where(documents.c.number.in_(numbers)))


def near_documents(connection: Connection, text: str) -> list[str]:
    """Numbers that are there and near to what was typed; the nearest first."""
    typed = typed_number(text)
    wanted = canonical(typed.series if typed else text)
    by_form = {canonical(name): name for name in _series(connection)}
    found: list[str] = []
    for form in get_close_matches(wanted, by_form, n=_OFFERED, cutoff=_LIKE):
        found += _around(connection, by_form[form], typed)
    return list(dict.fromkeys(found))[:_OFFERED]


def _around(connection: Connection, name: str, typed: DocumentNumber | None) -> list[str]:
    """Numbers of the series about the typed one; its newest where none was typed."""
    newest = (
        select(documents.c.number)
        .where(documents.c.series == name)
        .order_by(documents.c.year.desc(), documents.c.seq.desc())
        .limit(_OFFERED)
    )
    if typed is None:
        return _names(connection, newest)
    of_year = select(documents.c.number).where(
        documents.c.series == name, documents.c.year == typed.year
    )
    seq = documents.c.seq
    below = of_year.where(seq <= typed.seq).order_by(seq.desc()).limit(_OFFERED)
    above = of_year.where(seq > typed.seq).order_by(seq).limit(_OFFERED)
    near = _names(connection, below) + _names(connection, above)
    near.sort(key=lambda number: abs(DocumentNumber.parse(number).seq - typed.seq))
    return near or _names(connection, newest)


def meant_cases(connection: Connection, text: str) -> list[str]:
    """The case numbers that are there and that ``text`` means."""
    query = select(cases.c.case_no).where(cases.c.case_no.in_(typed_case_numbers(text)))
    return _names(connection, query.where(cases.c.body.is_not(None)))


def near_cases(connection: Connection, text: str) -> list[str]:
    """Case numbers that are there and near to ``text``."""
    for length in range(len(text), max(len(text) - _SHORTER, 1) - 1, -1):
        candidates = cases_from(connection, text[:length], limit=_CANDIDATES)
        if near := get_close_matches(text, candidates, n=_OFFERED):
            return near
    return []


def cases_from(connection: Connection, beginning: str, *, limit: int) -> list[str]:
    """Case numbers that begin so, in order."""
    begins = cases.c.case_no.startswith(beginning, autoescape=True)
    query = select(cases.c.case_no).where(begins, cases.c.body.is_not(None))
    return _names(connection, query.order_by(cases.c.case_no).limit(limit))


def documents_from(connection: Connection, beginning: str, *, limit: int) -> list[str]:
    """Document numbers that begin so, the newest first."""
    begins = documents.c.number.startswith(beginning, autoescape=True)
    newest = (documents.c.year.desc(), documents.c.seq.desc())
    query = select(documents.c.number).where(begins).order_by(*newest).limit(limit)
    return _names(connection, query)


def _series(connection: Connection) -> list[str]:
    return _names(connection, select(series.c.series).distinct().order_by(series.c.series))


def _names(connection: Connection, query: Select[str]) -> list[str]:
    return list(dict.fromkeys(name for (name,) in connection.execute(query)))
