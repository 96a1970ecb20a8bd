"""What a letter that ends a stop says of other cases' stops of the same card."""

from dataclasses import replace

from sqlalchemy import Connection

from cases.kinds import LETTERS
from ledger import card_holds
from schemas.configuration import Directory
from schemas.documents import PlannedDocument


def with_other_stops(
    connection: Connection, document: PlannedDocument, directory: Directory
) -> PlannedDocument:
    """``document``, where it ends a stop, naming the stops of its card that go on elsewhere.

    Told as they stand when it is made: they may have come after it was numbered. A withdrawal that
    names the stop of its own case that follows it needs no other.
    """
    name = LETTERS[document.kind].tells_stops
    if name is None:
        return document
    others = card_holds.others_stops(connection, document.document_id)
    numbers = "、".join(_named(*other, document.agency, directory) for other in others)
    told = document.data.get(name) or numbers
    return replace(document, data={**document.data, name: told})


def _named(agency: str, number: str, mine: str, directory: Directory) -> str:
    """The number, with its agency where that is another: two may have one of the same number."""
    known = directory.agency(agency)
    return number if agency == mine or known is None else known.name + number
