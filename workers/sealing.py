"""The seals of all agencies and their bodies: loaded once; what is sealed is verified at once."""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from schemas.configuration import Agency, Directory
from schemas.documents import Issuer, PlannedDocument, RenderedPdf, SealedPdf
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
    """The sealer of an agency or one of its bodies, and what its own files are verified against."""

    sealer: Sealer
    roots: tuple[x509.Certificate, ...]
    #: what the key's file looked like when it was read: a new file is a new key
    stamp: tuple[int, int]


class SealRoom:
    """Seals for every agency of the directory. A key that is replaced is taken up by itself."""

    def __init__(self, settings: Settings, directory: Directory) -> None:
        self._settings = settings
        self._directory = directory
        self._desks: dict[tuple[str, Issuer], _Desk] = {}

    def prepare(self) -> None:
        """Every agency's key is there, fit and valid now. Raises ``Misconfigured``."""
        for agency in self._directory.agencies:
            self._desk(agency, Issuer.AGENCY)
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
        desk = self._desk(agency, planned.issuer)
        number = str(planned.number)
        sealed = desk.sealer.seal(rendered, document_number=number, at=now())
        verdict = examine(sealed.content, desk.roots)
        if not verdict.genuine or verdict.number != number:
            reasons = ", ".join(reason.code for reason in verdict.reasons) or "number"
            raise ProductionFailed("seal_not_verified", final=False, reasons=reasons)
        return sealed

    def key_of(self, agency: Agency, issuer: Issuer = Issuer.AGENCY) -> SigningKey:
        """The key of the agency, or of its body ``issuer``, read anew. Raises ``Misconfigured``."""
        bearer = _bearer(agency, issuer)
        if bearer.seal.key_file is not None:
            passphrase = bearer.seal.key_passphrase_file
            return load_pkcs12(Path(bearer.seal.key_file), Path(passphrase) if passphrase else None)
        if not agency.demo:
            raise Misconfigured(
                f"agency {agency.code}: {issuer.value}.seal.key_file is not set; name the PKCS#12"
                f" file of {bearer.name} there"
            )
        own = agency.code if issuer is Issuer.AGENCY else f"{agency.code}-{issuer.value}"
        return self.authority().key_of(own, bearer.name)

    def authority(self) -> DemoAuthority:
        """The demo authority of this home."""
        return DemoAuthority(self._settings.home / _AUTHORITY)

    def roots(self) -> tuple[x509.Certificate, ...]:
        """What ``hanyin verify`` trusts: the configured roots, and the demo's where it is used."""
        found = list(read_roots(self._settings.trust_files))
        if any(agency.demo for agency in self._directory.agencies):
            found.append(self.authority().root())
        return tuple(found)

    def _desk(self, agency: Agency, issuer: Issuer) -> _Desk:
        bearer = _bearer(agency, issuer)
        stamp = _stamp(bearer)
        desk = self._desks.get((agency.code, issuer))
        if desk is None or desk.stamp != stamp:
            key = self.key_of(agency, issuer)
            # a file is verified against the end of its own chain: whether the world trusts that
            # root is the verifier's question, not the sealer's
            desk = _Desk(sealer=Sealer.of(bearer, key), roots=key.chain[-1:], stamp=stamp)
            self._desks[agency.code, issuer] = desk
        return desk


def _bearer(agency: Agency, issuer: Issuer) -> Agency:
    """The agency with the name and seal of ``issuer``. Raises ``Misconfigured``."""
    try:
        return agency.sealing_as(issuer)
    except KeyError:
        raise Misconfigured(
            f"agency {agency.code} has no {issuer.value} in the directory; write down its name,"
            " series and seal"
        ) from None


def _stamp(agency: Agency) -> tuple[int, int]:
    if agency.seal.key_file is None:
        return (0, 0)
    try:
        facts = Path(agency.seal.key_file).stat()
    except OSError:
        return (0, 0)  # reading it says what is wrong with it
    return (facts.st_mtime_ns, facts.st_size)
