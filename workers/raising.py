"""Raise: archived documents get the time stamps and evidence that they lack, or fresh ones.

Each is whole: read, raised, verified, pinned in the ledger by compare-and-set, stored. A process
that is killed leaves at most one pinned rendition, which the next run stores.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from archive import Archive
from archive.keys import rendition_key
from ledger import renditions, trail
from ledger.database import Database
from ledger.holdings import Held
from ledger.renditions import Pinned, Raisable
from schemas.configuration import Directory
from schemas.documents import StoredObject
from schemas.errors import (
    DigestMismatch,
    HanyinError,
    Misconfigured,
    ObjectMissing,
    ProductionFailed,
    WrongLetter,
)
from schemas.levels import SealLevel
from schemas.sentence import NOTHING, Sentence
from signing.examination import examine
from signing.raising import Raised, raise_letter
from signing.statement import number_stated
from workers.clock import Clock
from workers.delivering import fetch
from workers.sealing import SealRoom


class RaiseState(StrEnum):
    """What became of a document; the value is contract."""

    RAISED = "raised"  # it has its level now, or a higher one than before
    RENEWED = "renewed"  # stamped again
    STORED = "stored"  # made by a run that was ended, stored now
    TAKEN = "taken"  # somebody else raised it meanwhile
    FAILED = "failed"  # ``problem`` says why; tried again by the next run


@dataclass(frozen=True, kw_only=True)
class RaiseOutcome:
    """One document, done."""

    document_id: str
    number: str
    state: RaiseState
    #: the level before and now
    before: SealLevel
    level: SealLevel
    #: of the new rendition; None where there is none
    seq: int | None = None
    sha256: str | None = None
    storage_key: str | None = None
    #: why it has not the wanted level; None where it has
    problem: Sentence | None = None


class Raise:
    """Works through what is to be raised; ``waiting`` first, then ``one`` for each."""

    def __init__(
        self,
        *,
        database: Database,
        archive: Archive,
        seals: SealRoom,
        directory: Directory,
        clock: Clock,
    ) -> None:
        self._database = database
        self._archive = archive
        self._seals = seals
        self._directory = directory
        self._clock = clock

    def waiting(
        self,
        *,
        renew_days: int,
        at_least: SealLevel = SealLevel.B_B,
        agency: str | None = None,
        year: int | None = None,
        limit: int | None = None,
    ) -> list[Pinned | Raisable]:
        """What there is to do now: half-done renditions, then documents, the oldest first."""
        before = self._clock() + timedelta(days=renew_days)
        with self._database.reading() as connection:
            half: list[Pinned | Raisable] = [*renditions.pinned(connection)]
            half += renditions.raisable(
                connection,
                renew_before=before,
                at_least=at_least,
                agency=agency,
                year=year,
                limit=limit,
            )
        return half[:limit]

    def one(self, work: Pinned | Raisable) -> RaiseOutcome:
        """One document further; what went wrong with it is told, and stops no other.

        Raises ``Unavailable`` where ledger or archive do not answer.
        """
        if isinstance(work, Pinned):
            return self._store(work, before=work.level, state=RaiseState.STORED)
        try:
            base = self._read(work)
        except (DigestMismatch, ObjectMissing, WrongLetter) as error:
            self._alarm(work, type(error).__name__)
            return _failed(work, error.sentence)
        try:
            made = self._made(work, base)
        except HanyinError as error:
            return _failed(work, error.sentence)
        with self._database.writing() as connection:
            mine = renditions.pin(connection, work, made.rendition, at=self._clock())
        if not mine:
            return _failed(work, None, RaiseState.TAKEN)
        state = RaiseState.RENEWED if work.renews else RaiseState.RAISED
        return self._store(_pinned(work, made), before=work.level, state=state, why=made.problem)

    def close(self) -> None:
        """Connections are given back."""
        self._archive.close()
        self._database.close()

    def _read(self, work: Raisable) -> bytes:
        held = Held(
            agency=work.agency,
            year=work.year,
            number=work.number,
            document_id=work.document_id,
            sha256=work.base.sha256,
            media_type="application/pdf",
            seq=work.seq - 1 or None,
            sealed=True,
            storage_key=work.base.key,
            version_id=work.base.version_id,
            retain_until=work.retain_until,
        )
        return fetch(self._archive, held, reading=number_stated)

    def _made(self, work: Raisable, base: bytes) -> Raised:
        agency = self._directory.agency(work.agency)
        if agency is None:
            raise Misconfigured(
                f"HANYIN_DIRECTORY_FILE 中没有经办机构 {work.agency}",
                f"HANYIN_DIRECTORY_FILE has no agency {work.agency}",
            )
        made = raise_letter(base, self._seals.leveling_of(agency, work.issuer), wanted=work.wanted)
        verdict = examine(
            made.rendition.content,
            [made.root],
            stamp_roots=self._seals.stamp_roots(),
            purposes=self._seals.purposes,
        )
        wrong = [reason.code for reason in verdict.reasons]
        wrong += ["number"] * (verdict.number != work.number)
        wrong += ["level"] * (not verdict.reaches(made.rendition.level))
        wrong += ["sealed bytes"] * (work.sealed_sha256 not in verdict.digests)
        if not verdict.genuine or wrong:
            raise ProductionFailed("seal_not_verified", final=False, reasons=", ".join(wrong))
        return made

    def _store(
        self, work: Pinned, *, before: SealLevel, state: RaiseState, why: Sentence = NOTHING
    ) -> RaiseOutcome:
        found = self._put(work)
        with self._database.writing() as connection:
            renditions.stored(connection, work.document_id, work.seq, found, at=self._clock())
            trail.note(
                connection,
                at=self._clock(),
                actor="raise",
                action="document_raised",
                subject=work.document_id,
                details={"seq": work.seq, "level": work.level, "sha256": work.sha256},
            )
        return RaiseOutcome(
            document_id=work.document_id,
            number=work.number,
            state=state,
            before=before,
            level=work.level,
            seq=work.seq,
            sha256=work.sha256,
            storage_key=found.key,
            problem=why or None,
        )

    def _put(self, work: Pinned) -> StoredObject:
        key = rendition_key(
            agency=work.agency,
            year=work.year,
            document_id=work.document_id,
            seq=work.seq,
            sha256=work.sha256,
        )
        return self._archive.put(
            key,
            work.content,
            sha256=work.sha256,
            retain_until=work.retain_until,
            content_type="application/pdf",
        )

    def _alarm(self, work: Raisable, what: str) -> None:
        with self._database.writing() as connection:
            trail.note(
                connection,
                at=self._clock(),
                actor="raise",
                action="object_not_intact",
                subject=work.document_id,
                details={"what": what, "storage_key": work.base.key},
                alarm=True,
            )


def _pinned(work: Raisable, made: Raised) -> Pinned:
    return Pinned(
        document_id=work.document_id,
        number=work.number,
        agency=work.agency,
        year=work.year,
        seq=work.seq,
        sha256=made.rendition.sha256,
        level=made.rendition.level,
        retain_until=work.retain_until,
        content=made.rendition.content,
    )


def _failed(
    work: Raisable, problem: Sentence | None, state: RaiseState = RaiseState.FAILED
) -> RaiseOutcome:
    return RaiseOutcome(
        document_id=work.document_id,
        number=work.number,
        state=state,
        before=work.level,
        level=work.level,
        problem=problem,
    )
