"""The seals of all agencies: keys opened once, what is sealed is verified before it is used.

What stops one agency (its key, certificate, seal, time stamps) comes out as ``CannotSeal``: its
letters wait, other agencies' go on. A file that is replaced is a new key, taken up by itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from cryptography import x509

from schemas.codes import Problem
from schemas.codes_sealing import KEY_CODES
from schemas.configuration import Agency, Directory
from schemas.documents import PlannedDocument, RenderedPdf, SealedPdf
from schemas.errors import CannotSeal, Misconfigured, ProductionFailed, Unavailable
from signing.authority import DemoAuthority
from signing.examination import examine
from signing.keys import DistantKey, SealingKey
from signing.leveling import Leveling
from signing.opening import Stamp, demand_own, open_key, stamp_of
from signing.sealer import Sealer
from signing.trust import read_roots
from workers.clock import now
from workers.settings import Settings

_log = structlog.get_logger(__name__)

#: folder of the demo authority, in the home
_AUTHORITY = "authority"
#: codes of what is the agency's trouble and not the letter's
_OF_AGENCY = frozenset(code.name for code in KEY_CODES)


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """One agency's sealer and what its own files are verified against."""

    key: SealingKey
    sealer: Sealer
    leveling: Leveling
    roots: tuple[x509.Certificate, ...]
    stamp_roots: tuple[x509.Certificate, ...]
    #: what the files looked like when they were read: another look is another key
    stamp: Stamp


@dataclass(frozen=True, kw_only=True)
class KeyCondition:
    """How an agency's key stands."""

    agency: str
    #: why it cannot seal now; None where it can
    problem: Problem | None
    #: when the first certificate of its chain ends; None where the key cannot be opened
    expires: datetime | None


class SealRoom:
    """Seals for every agency of the directory."""

    def __init__(
        self, settings: Settings, directory: Directory, *, clock: Callable[[], datetime] = now
    ) -> None:
        self._settings = settings
        self._directory = directory
        self._clock = clock
        self._desks: dict[str, _Desk] = {}

    def conditions(self) -> list[KeyCondition]:
        """How every agency's key stands now, asked of the key itself."""
        return [self._condition(agency) for agency in self._directory.agencies]

    def expiries(self) -> dict[str, datetime]:
        """Agency code → when its chain ends, for those whose key opens: for the metrics."""
        return {row.agency: row.expires for row in self.conditions() if row.expires is not None}

    def demand_ready(self, code: str) -> None:
        """Nothing, where the agency could seal now; else ``CannotSeal``. Cheap once it is open."""
        agency = self._agency(code)
        with _troubles_of(code):
            desk = self._desk(agency)
            desk.key.demand_valid(self._clock())
            demand_own(desk.key, agency)
            _demand_not_revoked(desk)

    def seal(self, planned: PlannedDocument, rendered: RenderedPdf) -> SealedPdf:
        """The letter, sealed now and found genuine, with its own number and level.

        Raises ``CannotSeal`` where the agency is in trouble, ``ProductionFailed`` where the letter
        is (pdf_not_sealable, seal_not_verified …).
        """
        self.demand_ready(planned.agency)
        desk = self._desk(self._agency(planned.agency))
        number = str(planned.number)
        with _troubles_of(planned.agency):
            sealed = desk.sealer.seal(rendered, document_number=number, at=self._clock())
        verdict = examine(sealed.content, desk.roots, stamp_roots=desk.stamp_roots)
        wrong = [reason.code for reason in verdict.reasons]
        wrong += ["number"] * (verdict.number != number)
        wrong += ["level"] * (not verdict.reaches(sealed.level))
        if not verdict.genuine or wrong:
            raise ProductionFailed("seal_not_verified", final=False, reasons=", ".join(wrong))
        if sealed.level is not sealed.level_wanted:
            _log.warning(
                "a letter was sealed below its level",
                document_id=planned.document_id,
                reached=sealed.level,
                wanted=sealed.level_wanted,
            )
        return sealed

    def key_of(self, agency: Agency) -> SealingKey:
        """The agency's key, opened anew. Raises ``Misconfigured`` or ``Unavailable``."""
        own = open_key(agency.seal)
        return own or self.authority().key_of(agency.code, agency.name)

    def leveling_of(self, agency: Agency) -> Leveling:
        """Time stamps and evidence of the agency, with what it has learned of its servers.

        Raises ``Misconfigured`` or ``Unavailable``.
        """
        return self._desk(agency).leveling

    def authority(self) -> DemoAuthority:
        """The demo authority of this home."""
        return DemoAuthority(self._settings.home / _AUTHORITY)

    def roots(self) -> tuple[x509.Certificate, ...]:
        """What ``hanyin verify`` trusts: the configured roots, and the demo's where it is used."""
        found = list(read_roots(self._settings.trust_files))
        if any(agency.demo for agency in self._directory.agencies):
            found.append(self.authority().root())
        return tuple(found)

    def stamp_roots(self) -> tuple[x509.Certificate, ...]:
        """The roots by which time stamps count: HANYIN_TSA_TRUST_FILES, else HANYIN_TRUST_FILES."""
        settings = self._settings
        return read_roots(settings.tsa_trust_files or settings.trust_files)

    def _agency(self, code: str) -> Agency:
        agency = self._directory.agency(code)
        if agency is None:
            raise Misconfigured(f"HANYIN_DIRECTORY_FILE has no agency {code}")
        return agency

    def _condition(self, agency: Agency) -> KeyCondition:
        problem = None
        try:
            self.demand_ready(agency.code)
        except CannotSeal as error:
            problem = error.problem
        desk = self._desks.get(agency.code)
        fresh = desk is not None and desk.stamp == stamp_of(agency.seal)
        expires = desk.key.expires if desk is not None and fresh else None
        return KeyCondition(agency=agency.code, problem=problem, expires=expires)

    def _desk(self, agency: Agency) -> _Desk:
        stamp = stamp_of(agency.seal)
        desk = self._desks.get(agency.code)
        if desk is None or desk.stamp != stamp or not self._demo_holds(agency, desk):
            if desk is not None and isinstance(desk.key, DistantKey):
                desk.key.close()
            desk = self._new_desk(agency, stamp)
            self._desks[agency.code] = desk
        return desk

    def _demo_holds(self, agency: Agency, desk: _Desk) -> bool:
        """The demo authority makes a key anew by itself when it ends: taken up then."""
        return agency.seal.has_key or desk.key.expires > self._clock()

    def _new_desk(self, agency: Agency, stamp: Stamp) -> _Desk:
        key = self.key_of(agency)
        stamp_roots = self.stamp_roots()
        leveling = Leveling(agency.seal, stamp_roots)
        return _Desk(
            key=key,
            sealer=Sealer.of(agency, key, leveling=leveling),
            leveling=leveling,
            # a file is verified against the end of its own chain: whether the world trusts that
            # root is the verifier's question, not the sealer's
            roots=key.chain[-1:],
            stamp_roots=stamp_roots,
            stamp=stamp,
        )


@contextmanager
def _troubles_of(agency: str) -> Iterator[None]:
    """What is the agency's trouble comes out as ``CannotSeal``."""
    try:
        yield
    except ProductionFailed as error:
        if error.problem.code not in _OF_AGENCY:
            raise
        raise CannotSeal(agency, error.problem) from error
    except Misconfigured as error:
        raise CannotSeal(agency, Problem.of("", "key_unusable", what=str(error))) from error
    except Unavailable as error:
        raise CannotSeal(agency, Problem.of("", "key_away", what=str(error))) from error


def _demand_not_revoked(desk: _Desk) -> None:
    try:
        desk.leveling.demand_not_revoked(desk.key)
    except Unavailable as error:
        raise ProductionFailed("revocation_unknown", final=False, what=str(error)) from error


def warning_of(condition: KeyCondition, at: datetime, days: int = 30) -> int | None:
    """Days that the key has left, where that is ``days`` or less; else None."""
    if condition.expires is None:
        return None
    left = (condition.expires - at).days
    return left if left <= days else None
