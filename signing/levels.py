"""The PAdES baseline level that a letter has reached (EN 319 142-1, 6.1 to 6.3)."""

from collections.abc import Sequence
from enum import StrEnum

from signing.status import Revocation
from signing.times import Source, Stamp, Standing


class Level(StrEnum):
    """A baseline level; the value is contract."""

    B_B = "B-B"  # signed
    B_T = "B-T"  # a trusted time stamp proves that it was signed by then
    B_LT = "B-LT"  # and what revocation is judged by is in the document
    B_LTA = "B-LTA"  # and a trusted document time stamp keeps all of it


def level_of(proofs: Sequence[Stamp], revocation: Revocation) -> Level:
    """The level of a letter whose signer's chain has this ``revocation``.

    ``proofs`` are its trusted time stamps, the oldest first. The last document time stamp's own
    validation data comes with the next one, so it is not asked for.
    """
    if not proofs:
        return Level.B_B
    needed = [proof.revocation for proof in proofs if proof is not proofs[-1]]
    if proofs[-1].source is Source.SIGNATURE:
        needed.append(proofs[-1].revocation)
    if any(each is not Revocation.GOOD for each in (revocation, *needed)):
        return Level.B_T
    return Level.B_LTA if proofs[-1].source is Source.DOCUMENT else Level.B_LT


def trusted(stamps: Sequence[Stamp]) -> list[Stamp]:
    """Those of ``stamps`` whose time counts."""
    return [stamp for stamp in stamps if stamp.standing is Standing.TRUSTED]
