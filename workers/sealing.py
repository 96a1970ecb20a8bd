"""The seals of all agencies: keys loaded once, what is sealed is verified before it is used."""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from schemas.configuration import Agency, Directory
from schemas.documents import PlannedDocument, RenderedPdf, SealedPdf
from schemas.errors import Misconfigured, ProductionFailed
from signing.authority import DemoAuthority
from signing.examination import examine
from signing.keys import SigningKey, load_pkcs12
from signing.sealer import Sealer
from signing.trust import read_roots
from workers.clock import now
from workers.settings import Settings

#: folder of the demo authority, in the home
_AUTHORITY = "authority"


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """One agency's sealer and what its own files are verified against."""

    sealer: Sealer
    roots: tuple[x509.Certificate, ...]
    #: what the key's file looked like when it was read: a new file is a new key
    stamp: tuple[int, int]


class SealRoom:
    """Seals for every agency of the directory. A key that is replaced is taken up by itself."""

    def __init__(self, settings: Settings, directory: Directory) -> None:
        self._settings = settings
        self._directory = directory
        self._desks: dict[str, _Desk] = {}

    def prepare(self) -> None:
        """Every agency's key is there, fit and valid now. Raises ``Misconfigured``."""
        for agency in self._directory.agencies:
            self._desk(agency)
            try:
                self.key_of(agency).demand_valid(now())
            except ProductionFailed as error:
                raise Misconfigured(f"agency {agency.code}: {error}") from error

    def seal(self, planned: PlannedDocument, rendered: RenderedPdf) -> SealedPdf:
        """The letter, sealed now and found genuine, with its own number.

        Raises ``ProductionFailed`` (certificate_expired, seal_not_verified …) or
        ``Misconfigured``.
        """
        agency = self._directory.agency(planned.agency)
        if agency is None:
            raise Misconfigured(f"HANYIN_DIRECTORY_FILE has no agency {planned.agency}")
        desk = self._desk(agency)
        number = str(planned.number)
        sealed = desk.sealer.seal(rendered, document_number=number, at=now())
        verdict = examine(sealed.content, desk.roots)
        if not verdict.genuine or verdict.number != number:
            reasons = ", ".join(reason.code for reason in verdict.reasons) or "number"
            raise ProductionFailed("seal_not_verified", final=False, reasons=reasons)
        return sealed

    def key_of(self, agency: Agency) -> SigningKey:
        """The agency's key, read anew. Raises ``Misconfigured``."""
        if agency.seal.key_file is not None:
            passphrase = agency.seal.key_passphrase_file
            return load_pkcs12(Path(agency.seal.key_file), Path(passphrase) if passphrase else None)
        return self.authority().key_of(agency.code, agency.name)

    def authority(self) -> DemoAuthority:
        """The demo authority of this home."""
        return DemoAuthority(self._settings.home / _AUTHORITY)

    def roots(self) -> tuple[x509.Certificate, ...]:
        """What ``hanyin verify`` trusts: the configured roots, and the demo's where it is used."""
        found = list(read_roots(self._settings.trust_files))
        if any(agency.demo for agency in self._directory.agencies):
            found.append(self.authority().root())
        return tuple(found)

    def _desk(self, agency: Agency) -> _Desk:
        stamp = self._stamp(agency)
        desk = self._desks.get(agency.code)
        if desk is None or desk.stamp != stamp:
            key = self.key_of(agency)
            # a file is verified against the end of its own chain: whether the world trusts that
            # root is the verifier's question, not the sealer's
            desk = _Desk(sealer=Sealer.of(agency, key), roots=key.chain[-1:], stamp=stamp)
            self._desks[agency.code] = desk
        return desk

    def _stamp(self, agency: Agency) -> tuple[int, int]:
        if agency.seal.key_file is None:
            return (0, 0)
        try:
            facts = Path(agency.seal.key_file).stat()
        except OSError:
            return (0, 0)  # reading it says what is wrong with it
        return (facts.st_mtime_ns, facts.st_size)
