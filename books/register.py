"""发文登记簿: every number ever drawn, in order, with what became of it."""

from itertools import chain

from sqlalchemy import Connection

from books.book import Book, BookColumn, BookForm, BookQuery, CellType, Circumstances, Row, Tongue
from ledger import documents

#: the fields of a row in JSON are contract
FIELDS = (
    "number",
    "series",
    "year",
    "seq",
    "agency",
    "kind",
    "case_no",
    "state",
    "issued_on",
    "document_id",
)


def _recipient(row: Row, tongue: Tongue) -> str:
    return row["recipient_name"] or tongue.word(row["role"])


def _remark(row: Row, tongue: Tongue) -> str:
    """Why it is void, and what it stands in for."""
    parts = [
        row["void_reason"] or "",
        tongue.say(f"代替{row['replaces']}", f"replaces {row['replaces']}")
        if row["replaces"]
        else "",
    ]
    return tongue.say("；", "; ").join(part for part in parts if part)


FORM = BookForm(
    name="register",
    zh="发文登记簿",
    en="Document register",
    columns=(
        BookColumn(key="number", zh="文号", en="number", width=30),
        BookColumn(key="issued_on", zh="成文日期", en="issued on", type=CellType.DATE, width=12),
        BookColumn(key="kind", zh="文种", en="kind", type=CellType.CODE, width=22),
        BookColumn(key="case_no", zh="案号", en="case", width=22),
        BookColumn(key="recipient", zh="受文者", en="recipient", width=34, tell=_recipient),
        BookColumn(key="state", zh="状态", en="state", type=CellType.CODE, width=10),
        BookColumn(key="remark", zh="备注", en="remark", width=34, tell=_remark),
    ),
    fields=FIELDS,
)


def read(connection: Connection, query: BookQuery, circumstances: Circumstances) -> Book:
    """The register, in order of agency, series, year and number."""
    pages = documents.pages(
        connection,
        agency=query.agency,
        series=query.series,
        year=query.year,
        limit=query.limit,
    )
    return Book(form=FORM, query=query, rows=chain.from_iterable(pages), read_at=circumstances.now)
