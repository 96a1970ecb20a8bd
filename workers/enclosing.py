"""What a letter encloses, listed in it when all of that is archived."""

from dataclasses import replace

from sqlalchemy import Connection

from archive import Archive
from cases.kinds import KINDS
from ledger import documents, holdings
from ledger.database import Database
from schemas.documents import DocumentKind, PlannedDocument
from schemas.errors import DigestMismatch, ObjectMissing, ProductionFailed, WrongLetter
from workers.delivering import fetch

#: a sealed PDF is itself the original (电子签名法 art. 5)
_FORM = "电子原件"
#: the rows of the letter's list
_ROWS = "attachments"


def with_enclosures(connection: Connection, document: PlannedDocument) -> PlannedDocument:
    """``document`` with its list of attachments: name, number, pages, digest of each.

    What is enclosed is archived and never changes, so the list is the same at every attempt.
    """
    if _ROWS not in document.data:
        return document
    rows = [
        {
            "place": str(place),
            "name": KINDS[DocumentKind(row.kind)].title,
            "number": row.number,
            "pages": str(row.pages),
            "form": _FORM,
            "digest": row.sealed_sha256,
        }
        for place, row in enumerate(documents.enclosed(connection, document.document_id), start=1)
    ]
    return replace(document, data={**document.data, _ROWS: rows})


def require_own_enclosures(database: Database, archive: Archive, document: PlannedDocument) -> None:
    """What the letter lists with number and digest is, in the archive, what the list says.

    Raises ``ProductionFailed`` (letter_not_its_own): under seal, a list made from a ledger that
    somebody rewrote would be the agency's word. Raises ``Unavailable``.
    """
    if not document.data.get(_ROWS):
        return
    with database.reading() as connection:
        ids = documents.enclosed_ids(connection, document.document_id)
        held = holdings.letters(connection, ids)
    for enclosed in held.values():
        try:
            fetch(archive, enclosed)
        except (DigestMismatch, ObjectMissing, WrongLetter) as error:
            number, found = enclosed.number, type(error).__name__
            raise ProductionFailed(
                "letter_not_its_own", final=False, number=number, found=found
            ) from error
