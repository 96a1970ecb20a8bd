"""The produce stage on a ledger and an archive of its own, with paper that needs no LibreOffice.

Everything that the stage does to the world goes through a ``Fuse``, which can end the worker
before or after any of it, as SIGKILL would: what is not committed is not there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Connection, select

from archive.directory import DirectoryArchive
from archive.keys import digest_of
from ledger.database import Database
from ledger.tables import attachments, documents
from schemas.documents import (
    DocumentKind,
    FormPdf,
    Issuer,
    PlannedDocument,
    RenderedPdf,
    SealedPdf,
    SealSpot,
    StoredObject,
)
from signing.reason import REASON
from tests.building.office import Office
from workers.producing import Produce, Tools

Row = dict[str, Any]


class Killed(BaseException):
    """The worker was killed here."""


@dataclass(kw_only=True)
class Fuse:
    """Ends the worker at its ``at``-th act; None: never."""

    at: int | None = None
    acts: int = 0

    def act(self) -> None:
        self.acts += 1
        if self.at is not None and self.acts == self.at:
            raise Killed


class DyingDatabase(Database):
    """A ledger whose transactions may be the last thing that the worker does."""

    def __init__(self, url: str, fuse: Fuse) -> None:
        super().__init__(url)
        self._fuse = fuse

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._fuse.act()
        with super().writing() as connection:
            yield connection
            # before the commit: nothing of it is there
            self._fuse.act()
        self._fuse.act()


class DyingArchive(DirectoryArchive):
    """An archive that may be the last thing that the worker does."""

    def __init__(self, root: Path, fuse: Fuse) -> None:
        super().__init__(root)
        self._fuse = fuse

    def put(self, key: str, content: bytes, **how: Any) -> StoredObject:
        assert not (how.get("new") and self.stat(key, None)), (
            "it was put before, and is said to be new"
        )
        self._fuse.act()
        stored = super().put(key, content, **how)
        self._fuse.act()
        return stored


def template_of(kind: DocumentKind, agency: str | None) -> str:
    """The digest that the plain letters of a kind and agency are said to be made from."""
    return digest_of(f"{agency} {kind}".encode())


@dataclass(kw_only=True)
class PlainPaper:
    """Letters and forms of a few bytes, different at every making."""

    made: int = 0
    forms: list[DocumentKind] = field(default_factory=list)
    #: what each form printed
    printed: list[Any] = field(default_factory=list)

    def render(self, planned: PlannedDocument) -> RenderedPdf:
        self.made += 1
        content = f"%PDF letter {planned.number} {self.made}".encode()
        return RenderedPdf(
            content=content,
            pages=1,
            seal_at=SealSpot(page=0, x=1, y=1),
            template_sha256=template_of(planned.kind, planned.agency),
        )

    def render_form(self, kind: DocumentKind, data: Any, *, agency: str | None = None) -> FormPdf:
        self.made += 1
        self.forms.append(kind)
        self.printed.append(data)
        content = f"%PDF form {data['number']} {self.made}".encode()
        return FormPdf(content=content, pages=1, template_sha256=template_of(kind, agency))

    def close(self) -> None:
        pass


def plainly_sealed(content: bytes, number: str, reason: bytes | None = None) -> bytes:
    """``content`` and a dictionary as a seal's behind it: names ``number``, proves nothing.

    ``reason`` is a /Reason as it is spelt, in place of the number's.
    """
    if reason is None:
        spelt = (REASON + number).encode("utf-16-be").hex().encode()
        reason = b"/Reason <feff" + spelt + b">"
    head = content + b"\n9 0 obj\n<< /Contents "
    tail = b" " + reason + b" >>\nendobj\n%%EOF\n"
    # of a fixed length, whatever the numbers are
    span = b"/ByteRange [0 %d %d %d]"
    gap = b"<00>"
    rest = len(span % (0, 0, 0)) + 30 + len(tail)
    span = (span % (len(head), len(head) + len(gap), rest)).ljust(rest - len(tail))
    return head + gap + span + tail


class PlainWax:
    """A seal that anybody could press, at any time."""

    def demand_ready(self, code: str, issuer: Issuer) -> None:
        pass

    def seal(self, planned: PlannedDocument, rendered: RenderedPdf) -> SealedPdf:
        content = plainly_sealed(rendered.content, str(planned.number))
        return SealedPdf(
            content=content,
            sha256=digest_of(content),
            pages=rendered.pages,
            sealed_at=datetime(2026, 11, 24, tzinfo=UTC),
            certificate_subject=f"CN={planned.agency}",
            certificate_serial="1",
        )


class Workshop:
    """Workers that follow one another on the same ledger and archive."""

    def __init__(self, office: Office, root: Path) -> None:
        self._office = office
        self._root = root
        self.paper = PlainPaper()

    def work(self, *, killed_at: int | None = None, worker: str | None = None) -> int:
        """A worker makes all it can, or is killed at its ``killed_at``-th act; acts it did."""
        fuse = Fuse(at=killed_at)
        produce = self._produce(fuse, worker=worker)
        try:
            while produce.step():
                pass
        except Killed:
            pass
        finally:
            produce.close()
        return fuse.acts

    def step(self, stopping: Event) -> int:
        """A worker that ends at ``stopping`` takes one step; how many letters it had taken."""
        produce = self._produce(Fuse(), stopping)
        try:
            return produce.step()
        finally:
            produce.close()

    def _produce(
        self, fuse: Fuse, stopping: Event | None = None, worker: str | None = None
    ) -> Produce:
        return Produce(
            database=DyingDatabase(self._office.url, fuse),
            tools=Tools(
                renderer=self.paper, seals=PlainWax(), archive=DyingArchive(self._root, fuse)
            ),
            directory=self._office.directory,
            settings=self._office.settings,
            clock=self._office.clock,
            stopping=stopping,
            worker=worker,
        )

    def objects(self) -> list[StoredObject]:
        """Everything in the archive."""
        return list(DirectoryArchive(self._root).walk())

    def rows(self) -> tuple[list[Row], list[Row]]:
        """Documents and attachments, with all their columns."""
        with self._office.database.reading() as connection:
            found = [
                [dict(row._mapping) for row in connection.execute(select(table))]
                for table in (documents, attachments)
            ]
        return found[0], found[1]
