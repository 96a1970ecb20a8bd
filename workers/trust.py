"""Which authorities this installation trusts: the configured ones, and the demo's where used."""

from cryptography import x509

from schemas.configuration import Directory
from signing.authority import DemoAuthority
from signing.trust import read_roots
from workers.settings import Settings

#: folder of the demo authority, in the home
_AUTHORITY = "authority"


def demo_authority(settings: Settings) -> DemoAuthority:
    """The demo authority of this home."""
    return DemoAuthority(settings.home / _AUTHORITY)


def trusted_roots(settings: Settings, directory: Directory) -> tuple[x509.Certificate, ...]:
    """The roots that files are verified against. Raises ``Misconfigured``."""
    found = list(read_roots(settings.trust_files))
    authority = demo_authority(settings)
    # one that was never made has vouched for nothing; whoever only verifies does not make it
    if authority.exists() and any(agency.demo for agency in directory.agencies):
        found.append(authority.root())
    return tuple(found)


def stamp_roots(settings: Settings) -> tuple[x509.Certificate, ...]:
    """The roots by which time stamps count: HANYIN_TSA_TRUST_FILES, else HANYIN_TRUST_FILES."""
    return read_roots(settings.tsa_trust_files or settings.trust_files)
