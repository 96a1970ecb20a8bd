"""The seals of all agencies and their bodies: opened once; what is sealed is verified at once.

What stops one of them (its key, certificate, seal, time stamps) comes out as ``CannotSeal``: its
letters wait, all others go on. A file that is replaced is a new key, taken up by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import structlog
from cryptography import x509

from schemas.codes import Problem
from schemas.codes_sealing import KEY_CODES
from schemas.configuration import Agency, Directory
from schemas.documents import Issuer, PlannedDocument, RenderedPdf, SealedPdf
from schemas.errors import CannotSeal, Misconfigured, ProductionFailed, Unavailable
from signing.examination import examine
from signing.keys import DistantKey, SealingKey
from signing.leveling import Leveling
from signing.opening import (
    Stamp,
    completed,
    demand_own,
    open_key,
    require_accepted,
    stamp_of,
)
from signing.sealer import Sealer
from signing.trial import TRIAL_NUMBER, trial_page
from workers.clock import now
from workers.settings import Settings
from workers.trust import demo_authority, stamp_roots, trusted_roots

_log = structlog.get_logger(__name__)

#: codes of what is the agency's trouble and not the letter's
_OF_AGENCY = frozenset(code.name for code in KEY_CODES)


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """The sealer of an agency or one of its bodies, and what its own files are verified against."""

    bearer: Agency
    key: SealingKey
    leveling: Leveling
    roots: tuple[x509.Certificate, ...]
    stamp_roots: tuple[x509.Certificate, ...]
    #: what the files looked like when they were read: another look is another key
    stamp: Stamp

    @cached_property
    def sealer(self) -> Sealer:
        """Seals with the key. Raises ``Misconfigured`` where the seal cannot be drawn."""
        return Sealer.of(self.bearer, self.key, leveling=self.leveling)


@dataclass(frozen=True, kw_only=True)
class KeyCondition:
    """How the key of an agency or one of its bodies stands."""

    agency: str
    issuer: Issuer
    #: why it cannot seal now; None where it can
    problem: Problem | None
    #: when the first certificate of its chain ends; None where the key cannot be opened
    expires: datetime | None


class SealRoom:
    """Seals for every agency of the directory, and for its bodies."""

    def __init__(
        self, settings: Settings, directory: Directory, *, clock: Callable[[], datetime] = now
    ) -> None:
        self._settings = settings
        self._directory = directory
        self._clock = clock
        self._desks: dict[tuple[str, Issuer], _Desk] = {}
        self._levelings: dict[tuple[str, Issuer], Leveling] = {}

    def conditions(self, *, drawn: bool = True) -> list[KeyCondition]:
        """How every key stands now, asked of the key itself; and every seal, where ``drawn``.

        To draw a seal takes reading its fonts.
        """
        return [
            self.condition(agency, issuer, drawn=drawn)
            for agency in self._directory.agencies
            for issuer in Issuer
            if agency.writes_as(issuer)
        ]

    def condition(
        self, agency: Agency, issuer: Issuer, at: datetime | None = None, *, drawn: bool = True
    ) -> KeyCondition:
        """How this key stands at ``at`` (default: now)."""
        problem = None
        try:
            self.demand_ready(agency.code, issuer, at, drawn=drawn)
        except CannotSeal as error:
            problem = error.problem
        desk = self._desks.get((agency.code, issuer))
        fresh = desk is not None and desk.stamp == stamp_of(_bearer(agency, issuer).seal)
        expires = desk.key.expires if desk is not None and fresh else None
        return KeyCondition(agency=agency.code, issuer=issuer, problem=problem, expires=expires)

    def expiries(self) -> dict[str, datetime]:
        """Agency code → when its chain ends, for those whose key opens; asks nobody else."""
        found = {}
        for agency in self._directory.agencies:
            with suppress(Misconfigured, Unavailable):
                found[agency.code] = self._desk(agency, Issuer.AGENCY).key.expires
        return found

    def demand_ready(
        self,
        code: str,
        issuer: Issuer = Issuer.AGENCY,
        at: datetime | None = None,
        *,
        drawn: bool = True,
    ) -> None:
        """Nothing, where the agency or its body could seal; else ``CannotSeal``.

        Cheap once its key is open and its seal is drawn; the latter is not asked for without
        ``drawn``.
        """
        with _troubles_of(code):
            agency = self._agency(code)
            desk = self._desk(agency, issuer)
            desk.key.demand_valid(at or self._clock())
            demand_own(desk.key, _bearer(agency, issuer))
            _demand_not_revoked(desk)
            if drawn:
                _ = desk.sealer

    def seal(self, planned: PlannedDocument, rendered: RenderedPdf) -> SealedPdf:
        """The letter, sealed now and found genuine, with its own number and level.

        Raises ``CannotSeal`` where who issues it is in trouble, ``ProductionFailed`` where the
        letter is (pdf_not_sealable, seal_not_verified …).
        """
        self.demand_ready(planned.agency, planned.issuer)
        desk = self._desk(self._agency(planned.agency), planned.issuer)
        number = str(planned.number)
        with _troubles_of(planned.agency):
            sealed = desk.sealer.seal(rendered, document_number=number, at=self._clock())
        wrong = self._faults(desk, sealed, number)
        if wrong:
            # a key that can seal nothing is no letter's fault
            self._require_trial(planned.agency, desk)
            raise ProductionFailed("seal_not_verified", final=False, reasons=", ".join(wrong))
        if sealed.level is not sealed.level_wanted:
            _log.warning(
                "a letter was sealed below its level",
                document_id=planned.document_id,
                reached=sealed.level,
                wanted=sealed.level_wanted,
            )
        return sealed

    def require_trial(self, code: str, issuer: Issuer = Issuer.AGENCY) -> None:
        """Raise ``CannotSeal`` unless the key is ready and what it seals is found genuine now.

        It seals a blank page, at B-B and without time stamps, which is then dropped.
        """
        self.demand_ready(code, issuer)
        with _troubles_of(code):
            desk = self._desk(self._agency(code), issuer)
        self._require_trial(code, desk)

    def _require_trial(self, code: str, desk: _Desk) -> None:
        with _troubles_of(code):
            try:
                sealed = desk.sealer.without_levels().seal(
                    trial_page(), document_number=TRIAL_NUMBER, at=self._clock()
                )
                wrong = self._faults(desk, sealed, TRIAL_NUMBER)
            except ProductionFailed as error:
                wrong = [error.problem.code]
            if wrong:
                raise ProductionFailed("key_trial_failed", final=False, reasons=", ".join(wrong))

    def _faults(self, desk: _Desk, sealed: SealedPdf, number: str) -> list[str]:
        """Codes of what a verification has against the sealed file; [] where it is genuine."""
        verdict = examine(
            sealed.content,
            desk.roots,
            stamp_roots=desk.stamp_roots,
            purposes=self.purposes,
            own=True,
        )
        wrong = [reason.code for reason in verdict.reasons]
        wrong += ["number"] * (verdict.number != number)
        wrong += ["level"] * (not verdict.reaches(sealed.level))
        return wrong or ["not_genuine"] * (not verdict.genuine)

    def key_of(self, agency: Agency, issuer: Issuer = Issuer.AGENCY) -> SealingKey:
        """The key of the agency, or of its body ``issuer``, opened anew.

        Raises ``Misconfigured`` or ``Unavailable``.
        """
        bearer = _bearer(agency, issuer)
        own = open_key(bearer.seal)
        if own is not None:
            return completed(own, trusted_roots(self._settings, self._directory))
        if not agency.demo:
            place = "seal" if issuer is Issuer.AGENCY else f"{issuer.value}.seal"
            raise Misconfigured(
                f"经办机构 {agency.code}：{place} 没有密钥；请在那里的 key_file"
                f"、pkcs11 或 remote 中写明{bearer.name}的密钥",
                f"agency {agency.code}: {place} has no key; name the one of {bearer.name} in"
                " key_file, pkcs11 or remote there",
            )
        code = agency.code if issuer is Issuer.AGENCY else f"{agency.code}-{issuer.value}"
        return demo_authority(self._settings).key_of(code, bearer.name)

    def leveling_of(self, agency: Agency, issuer: Issuer = Issuer.AGENCY) -> Leveling:
        """Its time stamps and evidence, kept with what they learn of servers; opens no key.

        Raises ``Misconfigured``.
        """
        place = (agency.code, issuer)
        if place not in self._levelings:
            settings = _bearer(agency, issuer).seal
            self._levelings[place] = Leveling(settings, self.stamp_roots())
        return self._levelings[place]

    @property
    def purposes(self) -> Sequence[str]:
        """Purposes of a certificate that may seal (HANYIN_SEAL_PURPOSES)."""
        return self._settings.seal_purposes

    def stamp_roots(self) -> tuple[x509.Certificate, ...]:
        """The roots by which time stamps count. Raises ``Misconfigured``."""
        return stamp_roots(self._settings)

    def _agency(self, code: str) -> Agency:
        agency = self._directory.agency(code)
        if agency is None:
            raise Misconfigured(
                f"HANYIN_DIRECTORY_FILE 中没有经办机构 {code}",
                f"HANYIN_DIRECTORY_FILE has no agency {code}",
            )
        return agency

    def _desk(self, agency: Agency, issuer: Issuer) -> _Desk:
        bearer = _bearer(agency, issuer)
        stamp = stamp_of(bearer.seal)
        desk = self._desks.get((agency.code, issuer))
        if desk is None or desk.stamp != stamp or not self._demo_holds(bearer, desk):
            if desk is not None and isinstance(desk.key, DistantKey):
                desk.key.close()
            desk = self._new_desk(agency, issuer, stamp)
            self._desks[agency.code, issuer] = desk
        return desk

    def _demo_holds(self, bearer: Agency, desk: _Desk) -> bool:
        """The demo authority makes a key anew by itself when it ends: taken up then."""
        return bearer.seal.has_key or desk.key.expires > self._clock()

    def _new_desk(self, agency: Agency, issuer: Issuer, stamp: Stamp) -> _Desk:
        key = self.key_of(agency, issuer)
        require_accepted(key, self.purposes)
        leveling = self.leveling_of(agency, issuer)
        return _Desk(
            bearer=_bearer(agency, issuer),
            key=key,
            leveling=leveling,
            # a file is verified against the end of its own chain: whether the world trusts that
            # root is the verifier's question, not the sealer's
            roots=key.chain[-1:],
            stamp_roots=self.stamp_roots(),
            stamp=stamp,
        )


def _bearer(agency: Agency, issuer: Issuer) -> Agency:
    """The agency with the name and seal of ``issuer``. Raises ``Misconfigured``."""
    try:
        return agency.sealing_as(issuer)
    except KeyError:
        raise Misconfigured(
            f"经办机构 {agency.code} 在目录中没有 {issuer.value}；请写明其名称、字号和印章",
            f"agency {agency.code} has no {issuer.value} in the directory; write down its name,"
            " series and seal",
        ) from None


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
        raise CannotSeal(agency, Problem.of("", "key_unusable", what=error.sentence)) from error
    except Unavailable as error:
        raise CannotSeal(agency, Problem.of("", "key_away", what=error.sentence)) from error


def _demand_not_revoked(desk: _Desk) -> None:
    try:
        desk.leveling.demand_not_revoked(desk.key)
    except Unavailable as error:
        raise ProductionFailed("revocation_unknown", final=False, what=error.sentence) from error


def warning_of(condition: KeyCondition, at: datetime, days: int = 30) -> int | None:
    """Days that the key has left, where that is ``days`` or less; else None."""
    if condition.expires is None:
        return None
    left = (condition.expires - at).days
    return left if left <= days else None
