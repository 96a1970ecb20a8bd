"""Letters of some cases, made and stored, and a relay that has not sent them yet."""

import base64
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from archive.directory import DirectoryArchive
from commands.county import month_of_cases
from ledger.tables import documents, trail
from signing.naming import number_named
from tests.building.office import Office
from tests.building.outlet import GoodOutlet
from tests.building.workshop import Workshop
from workers.brokers import Outlet
from workers.relaying import Relay

STOP = "stop_payment_letter"
Letter = dict[str, Any]


class Post:
    """Letters of some cases, made and stored, and a relay before it sends them."""

    def __init__(self, office: Office, root: Path, outlet: Outlet | None = None) -> None:
        self.office, self.root, self.outlet = office, root, GoodOutlet()
        office.take(*[each for each in month_of_cases(12) if "confirmed" in each["type"]])
        office.work()
        self.workshop = Workshop(office, root)
        self.workshop.work()
        self.relay = Relay(
            database=office.database,
            outlet=outlet or self.outlet,
            archive=DirectoryArchive(root),
            settings=office.settings,
            clock=office.clock,
        )

    def stops(self) -> tuple[Letter, Letter]:
        """A stop letter, and one to another bank."""
        rows = [row for row in self.office.register() if row["kind"] == STOP]
        return rows[0], next(
            row for row in rows if row["bank_code"][:3] != rows[0]["bank_code"][:3]
        )

    def rewrite(self, letter: Letter, **values: Any) -> None:
        mine = documents.c.document_id == letter["document_id"]
        with self.office.database.writing() as connection:
            connection.execute(update(documents).where(mine).values(values))

    def sent(self) -> list[tuple[str, str | None]]:
        """Number that the message says, and number that the seal in it names."""
        while self.relay.step():
            pass
        letters = [json.loads(each.body)["data"] for each in self.outlet.sent]
        return [
            (each["number"], number_named(base64.b64decode(each["content_base64"])))
            for each in letters
            if "content_base64" in each
        ]

    def alarms(self) -> list[dict[str, Any]]:
        with self.office.database.reading() as connection:
            rows = connection.execute(select(trail).where(trail.c.action == "letter_held_back"))
            return [row.details for row in rows]
