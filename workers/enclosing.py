"""What a letter encloses, listed in it when all of that is archived."""

from dataclasses import replace

from sqlalchemy import Connection

from cases.letters import TITLES
from ledger import documents
from schemas.documents import DocumentKind, PlannedDocument

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
            "name": TITLES[DocumentKind(row.kind)],
            "number": row.number,
            "pages": str(row.pages),
            "form": _FORM,
            "digest": row.sealed_sha256,
        }
        for place, row in enumerate(documents.enclosed(connection, document.document_id), start=1)
    ]
    return replace(document, data={**document.data, _ROWS: rows})
