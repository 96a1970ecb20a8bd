"""Objects read again, and compared with what the ledger says of them: digests, and more."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    ANOTHER = "another_letter"  # the bytes on record, which are not what the ledger says they are


#: what of the bytes is otherwise than the ledger says, by name; nothing where all is right
Look = Callable[[bytes], Sequence[str]]


def unseen(content: bytes) -> Sequence[str]:
    """Nothing is looked at but the digest."""
    del content
    return ()


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """An object as the ledger names it, and what its bytes must say beside."""

    stored: StoredObject
    look: Look = unseen


@dataclass(frozen=True, kw_only=True)
class FixityFinding:
    """One object, read again."""

    expected: StoredObject
    state: FixityState
    #: lower-case hex of the bytes that are there; None where there are none
    found_sha256: str | None
    #: of another letter's: in what it is
    differs: tuple[str, ...] = ()


def check_fixity(archive: Archive, expected: Iterable[Expectation]) -> Iterator[FixityFinding]:
    """One finding for each object, in their order, from the bytes themselves.

    Raises ``Unavailable`` where the store does not answer: what was not read is no finding.
    """
    for each in expected:
        stored = each.stored
        try:
            content = archive.get(stored.key, stored.version_id)
        except (ObjectMissing, ValueError):
            # ValueError: no key under which anything can be stored
            yield FixityFinding(expected=stored, state=FixityState.MISSING, found_sha256=None)
            continue
        yield _finding(each, content)


def _finding(expected: Expectation, content: bytes) -> FixityFinding:
    digest = digest_of(content)
    state, differs = FixityState.ALTERED, tuple[str, ...]()
    if digest == expected.stored.sha256:
        differs = tuple(expected.look(content))
        state = FixityState.ANOTHER if differs else FixityState.INTACT
    return FixityFinding(
        expected=expected.stored, state=state, found_sha256=digest, differs=differs
    )
