"""Objects read again, and their digests compared with what the ledger says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from archive import Archive
from archive.keys import digest_of
from schemas.documents import StoredObject
from schemas.errors import ObjectMissing


class FixityState(StrEnum):
    """What became of an object."""

    INTACT = "intact"  # every byte is as it was
    ALTERED = "altered"  # it is there, with other bytes
    MISSING = "missing"  # it is not there


@dataclass(frozen=True, kw_only=True)
class FixityFinding:
    """One object, read again."""

    expected: StoredObject
    state: FixityState
    #: lower-case hex of the bytes that are there; None where there are none
    found_sha256: str | None


def check_fixity(archive: Archive, expected: Iterable[StoredObject]) -> Iterator[FixityFinding]:
    """One finding for each object, in their order, from the bytes themselves.

    Raises ``Unavailable`` where the store does not answer: what was not read is no finding.
    """
    for each in expected:
        try:
            digest = digest_of(archive.get(each.key, each.version_id))
        except ObjectMissing:
            yield FixityFinding(expected=each, state=FixityState.MISSING, found_sha256=None)
            continue
        state = FixityState.INTACT if digest == each.sha256 else FixityState.ALTERED
        yield FixityFinding(expected=each, state=state, found_sha256=digest)
