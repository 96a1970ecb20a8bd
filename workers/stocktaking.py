"""Stocktaking (盘点): ledger and store side by side, and numbers that only the store remembers.

After a ledger was restored from a backup, letters that it made since then lie in the store and
their numbers would be drawn again. They are read out of the sealed letters themselves.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date

from archive import Archive
from archive.differences import Difference, DifferenceKind, Holding, agency_of, differences
from ledger import holdings, series, trail
from ledger.database import Database
from ledger.gaps import FOUND_IN_STORE, Gap, gaps
from ledger.holdings import Held
from ledger.lives import Unexplained, accept, unexplained
from schemas.documents import DocumentNumber
from schemas.errors import ObjectMissing
from schemas.zone import CHINA
from signing.verifier import Verifier
from workers.clock import Clock
from workers.delivering import key_of

#: what lies in the store and is not in the ledger
_STRAYS = {DifferenceKind.UNRECORDED, DifferenceKind.UNKNOWN_DOCUMENT}


@dataclass(frozen=True, kw_only=True)
class LostNumber:
    """A number on a genuine letter of ours that the ledger has not drawn."""

    agency: str
    number: DocumentNumber
    issued_on: date
    key: str


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What a stocktaking found."""

    differences: tuple[Difference, ...]
    #: in the order of agency and number
    lost: tuple[LostNumber, ...]
    #: numbers that are on no document
    gaps: tuple[Gap, ...]
    #: documents whose rows are not what the trail says
    unexplained: tuple[Unexplained, ...]

    @property
    def agrees(self) -> bool:
        """True where nothing is to be told, harmless things neither."""
        return not (self.differences or self.gaps or self.unexplained)


class Stocktaking:
    """Compares, and where an operator consents lets no lost number be drawn again."""

    def __init__(
        self,
        *,
        database: Database,
        archive: Archive,
        verifier: AbstractContextManager[Verifier],
        clock: Clock,
    ) -> None:
        self._database = database
        self._archive = archive
        self._verifier = verifier
        self._clock = clock

    def take(self, *, agency: str | None = None, year: int | None = None) -> Stock:
        """Every difference, and the numbers that only the store remembers.

        Raises ``Unavailable`` where ledger or store do not answer.
        """
        named = self._holdings(agency, year)
        with self._database.reading() as connection:
            known = holdings.known_documents(connection)
        prefix = "" if agency is None else f"{agency}/" + ("" if year is None else f"{year:04d}/")
        found = tuple(differences(self._archive, named, known, prefix))
        if any(each.kind in _STRAYS for each in found):
            # work goes on meanwhile: what was stored after the first look is in the ledger now
            since = {each.key for each in self._holdings(agency, year)}
            found = tuple(e for e in found if e.kind not in _STRAYS or e.key not in since)
        strange = [each for each in found if each.kind is DifferenceKind.UNKNOWN_DOCUMENT]
        with self._verifier as verifier:
            read = {each.key: self._lost(each, verifier) for each in strange}
        # a letter and its renditions bear one number
        numbers = {(each.agency, each.number): each for each in read.values() if each}
        lost = sorted(
            numbers.values(),
            key=lambda each: (each.agency, each.number.series, each.number.year, each.number.seq),
        )
        with self._database.snapshot() as connection:
            missing = gaps(connection, agency=agency, year=year)
            odd = unexplained(connection, agency=agency, year=year)
        return Stock(
            differences=tuple(_named(each, read.get(each.key)) for each in found),
            lost=tuple(lost),
            gaps=tuple(missing),
            unexplained=tuple(odd),
        )

    def accept(self, found: tuple[Unexplained, ...]) -> int:
        """The rows stand as they are, and the trail says so with an alarm; how many."""
        with self._database.writing() as connection:
            return accept(connection, found, at=self._clock())

    def skip(self, lost: tuple[LostNumber, ...]) -> int:
        """No number of ``lost`` is drawn again; how many series had to be set forward.

        Kept in the trail with an alarm: the register has a gap there, and the store the letters.
        """
        set_forward = 0
        with self._database.writing() as connection:
            for each in lost:
                if not series.skip_to(
                    connection, each.agency, each.number, issued_on=each.issued_on
                ):
                    continue
                set_forward += 1
                trail.note(
                    connection,
                    at=self._clock(),
                    actor="operator",
                    action=FOUND_IN_STORE,
                    subject=f"{each.agency} {each.number}",
                    details={"storage_key": each.key},
                    alarm=True,
                )
        return set_forward

    def _holdings(self, agency: str | None, year: int | None) -> list[Holding]:
        with self._database.reading() as connection:
            return [_holding(each) for each in holdings.held(connection, agency=agency, year=year)]

    def _lost(self, difference: Difference, verifier: Verifier) -> LostNumber | None:
        """The number of the letter at ``difference``, where it is a genuine one of ours."""
        try:
            content = self._archive.get(difference.key, difference.version_id)
        except ObjectMissing:
            # gone since the store was listed
            return None
        verdict = verifier.verify(content)
        if not verdict.genuine or verdict.number is None or verdict.sealed_at is None:
            return None
        try:
            number = DocumentNumber.parse(verdict.number)
        except ValueError:
            return None
        sealed_on = verdict.sealed_at.astimezone(CHINA).date()
        return LostNumber(
            agency=agency_of(difference.key),
            number=number,
            # a letter is sealed in the year of its number or later, and dated not after
            issued_on=min(sealed_on, date(number.year, 12, 31)),
            key=difference.key,
        )


def _named(difference: Difference, lost: LostNumber | None) -> Difference:
    return replace(difference, number=str(lost.number)) if lost else difference


def _holding(each: Held) -> Holding:
    return Holding(
        number=each.number,
        document_id=each.document_id,
        key=each.storage_key or key_of(each),
        version_id=each.version_id,
        sha256=each.sha256,
        retain_until=each.retain_until,
        recorded=each.storage_key is not None,
    )
