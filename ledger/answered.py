"""The case of a letter that a bank names in its answer."""

from sqlalchemy import Connection, select

from ledger.tables import documents
from schemas import limits
from schemas.answers import NamedLetter
from schemas.documents import BANK_LETTERS


def case_of(connection: Connection, letter: NamedLetter) -> tuple[str, str] | None:
    """Agency and case number of the bank letter; None for none, and for several.

    Two agencies may have a letter of one number: then the bank's code tells which is meant.
    """
    if letter.reference is not None:
        wanted, name, longest = documents.c.document_id, letter.reference, limits.IDENTIFIER
    else:
        wanted, name, longest = documents.c.number, letter.number or "", limits.DOCUMENT_NUMBER
    if len(name) > longest or "\x00" in name:
        return None
    query = select(documents.c.agency, documents.c.case_no, documents.c.bank_code).where(
        wanted == name, documents.c.kind.in_(sorted(BANK_LETTERS))
    )
    found = connection.execute(query).all()
    if len(found) > 1:
        found = [row for row in found if row.bank_code == letter.bank_code]
    return (found[0].agency, found[0].case_no) if len(found) == 1 else None
