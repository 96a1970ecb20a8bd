"""An office with the produce stage: letters of one plain page, really sealed and stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.directory import DirectoryArchive
from ledger import documents, seal_waits
from schemas.configuration import Agency, Directory, SealSettings, Source, TimeStampServer
from schemas.documents import DocumentKind, FormPdf, PlannedDocument, RenderedPdf
from tests.building.office import HeldClock, Office, example
from tests.building.pki import AGENCY, LOOPBACK, Pki
from tests.building.sealing import rendered
from workers.applying import Apply
from workers.producing import Produce, Tools
from workers.raising import Raise
from workers.sealing import SealRoom
from workers.settings import Settings


@dataclass(kw_only=True)
class PlainRenderer:
    """Renders every letter as the same plain page; counts them."""

    seen: list[str] = field(default_factory=list)

    def render(self, planned: PlannedDocument) -> RenderedPdf:
        self.seen.append(planned.agency)
        return rendered()

    def render_form(self, kind: DocumentKind, data: Any, *, agency: str | None = None) -> FormPdf:
        del kind, data, agency
        return FormPdf(content=rendered().content, pages=1)

    def close(self) -> None:
        pass


class Shop:
    """Ledger, produce, archive and raise, with a clock that is the machine's until it is moved."""

    def __init__(self, folder: Path, database_url: str, pki: Pki, agencies: Sequence[Agency]):
        self.office = Office(database_url)
        self.clock = HeldClock(moment=datetime.now(UTC))
        self.pki = pki
        self.settings = Settings(
            home=folder / "home", trust_files=[pki.root_file()], tsa_trust_files=[pki.root_file()]
        )
        sources = [
            Source(slug=f"s{each.code}", source=f"/hunan/{each.code}/*", agencies=[each.code])
            for each in agencies
        ]
        self.directory = Directory(agencies=list(agencies), banks=[], sources=sources)
        self.office.apply = Apply(
            database=self.office.database,
            directory=self.directory,
            settings=self.settings,
            clock=self.clock,
        )
        self.renderer = PlainRenderer()
        self.archive = DirectoryArchive(folder / "archive")
        self.produce = self._produce()

    def _produce(self) -> Produce:
        return Produce(
            database=self.office.database,
            tools=Tools(renderer=self.renderer, seals=self.room(), archive=self.archive),
            directory=self.directory,
            settings=self.settings,
            clock=self.clock,
        )

    def room(self) -> SealRoom:
        return SealRoom(self.settings, self.directory, clock=self.clock)

    def raising(self) -> Raise:
        return Raise(
            database=self.office.database,
            archive=self.archive,
            seals=self.room(),
            directory=self.directory,
            clock=self.clock,
        )

    def plan(self, agency: str = "430111", case: str = "000020") -> None:
        """A case is opened: a few letters of the agency wait to be made."""
        case_no = f"{agency}-2026-{case}"
        event = example("24") | {"id": f"{case_no}-01", "subject": case_no}
        event["source"] = f"/hunan/{agency}/benefits"
        event["data"] = event["data"] | {"agency": agency, "case_no": case_no}
        self.office.take(event)
        self.office.work()

    def make(self) -> None:
        """Everything that can be made now is made."""
        while self.produce.step():
            pass

    def states(self, agency: str = "430111") -> set[str]:
        return {row["state"] for row in self.rows() if row["agency"] == agency}

    def rows(self) -> list[dict[str, Any]]:
        with self.office.database.reading() as connection:
            return documents.listing(connection)

    def waits(self) -> list[seal_waits.SealWait]:
        with self.office.database.reading() as connection:
            return seal_waits.waiting_for_seal(connection)


def agency(code: str, pki: Pki, *stamps: str, **seal: Any) -> Agency:
    """An agency with a key of the test's infrastructure."""
    servers = [TimeStampServer(url=url, seconds=20) for url in stamps]
    settings = {
        "key_file": str(pki.key_file()),
        "time_stamp_servers": servers,
        "private_networks": [LOOPBACK],
    } | seal
    return Agency.model_validate(
        {
            "code": code,
            "name": AGENCY,
            "audit_name": "长沙市雨花区",
            "account": {
                "bank_full_name": "中国某某银行",
                "number": "6200000000000000",
                "holder": "某某",
                "audit_bank": "中国某某",
                "audit_branch": "长沙某某",
            },
            "contact": {"person": "周敏", "phone": "0731-80000017", "address": "某某路1号"},
            "seal": SealSettings.model_validate(settings),
        }
    )
