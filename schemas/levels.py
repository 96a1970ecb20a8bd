"""PAdES baseline levels (ETSI EN 319 142-1, 6): how long a seal can be verified."""

from enum import StrEnum


class SealLevel(StrEnum):
    """A baseline level; each holds all that the one before it holds. The value is contract."""

    B_B = "B-B"  # the signature alone
    B_T = "B-T"  # and a time stamp: it existed at that moment, whatever becomes of the certificate
    B_LT = "B-LT"  # and certificates, OCSP responses, CRLs: verified without asking anybody
    B_LTA = "B-LTA"  # and a time stamp over all of that, which the archive renews for decades

    @property
    def rank(self) -> int:
        """0 for the lowest."""
        return list(SealLevel).index(self)

    def reaches(self, wanted: "SealLevel") -> bool:
        """True where this is ``wanted`` or higher."""
        return self.rank >= wanted.rank
