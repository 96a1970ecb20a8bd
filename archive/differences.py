"""What the ledger names and what the store holds, side by side: every difference has its kind."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from archive import Archive
from schemas.documents import StoredObject
from schemas.errors import ObjectMissing

#: ``archive.keys``: agency, year, document id, and what lies below
_SHAPE = re.compile(
    r"([A-Za-z0-9_.-]+)/([0-9]{4})/([0-9a-f-]{36})/(?:rendition-[0-9]+/)?([0-9a-f]{64})\.[a-z]+"
)


class DifferenceKind(StrEnum):
    """In what way ledger and store disagree."""

    MISSING = "object_missing"  # the ledger names an object that is not there
    ALTERED = "object_altered"  # it is there with other bytes
    EXTRA_VERSION = "extra_version"  # the same bytes a second time, under another version id
    RETENTION_SHORT = "retention_short"  # it may be deleted before its term
    NOT_RECORDED = "not_recorded"  # its bytes are pinned, and in the store: production adopts it
    UNRECORDED = "unrecorded_object"  # below a known document, and the ledger does not name it
    UNKNOWN_DOCUMENT = "unknown_document"  # the ledger does not know the document
    FOREIGN = "foreign_object"  # nothing that this program stores has such a name


@dataclass(frozen=True, kw_only=True)
class Holding:
    """An object that the ledger names, or whose bytes it still holds."""

    number: str
    document_id: str
    key: str
    #: None where the store has no versions, or none is on record yet
    version_id: str | None
    sha256: str
    #: None: nothing is promised
    retain_until: date | None
    #: False where the bytes are pinned and not yet on record as stored
    recorded: bool


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One object on which ledger and store disagree."""

    kind: DifferenceKind
    key: str
    version_id: str | None
    #: of the ledger's document; None where it does not know one
    number: str | None
    document_id: str | None


def differences(
    archive: Archive, holdings: Iterable[Holding], known: Collection[str], prefix: str = ""
) -> Iterator[Difference]:
    """Every difference below ``prefix``, those of the store in its key order, then what is missing.

    ``known`` are the ids of all documents of the ledger. Raises ``Unavailable`` where the store
    does not answer: what was not looked at is no finding.
    """
    named = {holding.key: holding for holding in holdings}
    intact: set[str] = set()
    for found in archive.walk(prefix):
        holding = named.get(found.key)
        if holding is None:
            yield _stray(found, known)
            continue
        difference = _compared(archive, found, holding)
        if difference is None or difference.kind is DifferenceKind.RETENTION_SHORT:
            intact.add(found.key)
        if difference is not None:
            yield difference
    for key, holding in named.items():
        if holding.recorded and key not in intact and not _is_there(archive, holding):
            yield _of(holding, DifferenceKind.MISSING, holding.version_id)


def agency_of(key: str) -> str:
    """The code of the agency that the object ``key`` lies under."""
    return key.split("/", maxsplit=1)[0]


def _stray(found: StoredObject, known: Collection[str]) -> Difference:
    shape = _SHAPE.fullmatch(found.key)
    if shape is None or shape[4] != found.sha256:
        kind, document_id = DifferenceKind.FOREIGN, None
    else:
        document_id = shape[3]
        here = document_id in known
        kind = DifferenceKind.UNRECORDED if here else DifferenceKind.UNKNOWN_DOCUMENT
    return Difference(
        kind=kind,
        key=found.key,
        version_id=found.version_id,
        number=None,
        document_id=document_id,
    )


def _compared(archive: Archive, found: StoredObject, holding: Holding) -> Difference | None:
    if found.sha256 != holding.sha256:
        return _of(holding, DifferenceKind.ALTERED, found.version_id)
    if not holding.recorded:
        return _of(holding, DifferenceKind.NOT_RECORDED, found.version_id)
    if found.version_id != holding.version_id:
        return _of(holding, DifferenceKind.EXTRA_VERSION, found.version_id)
    if _ends_early(archive, found, holding):
        return _of(holding, DifferenceKind.RETENTION_SHORT, found.version_id)
    return None


def _ends_early(archive: Archive, found: StoredObject, holding: Holding) -> bool:
    if holding.retain_until is None:
        return False
    try:
        until = archive.retained_until(found.key, found.version_id)
    except ObjectMissing:
        return False  # it went while we looked; it is told as missing
    return until is None or until < holding.retain_until


def _is_there(archive: Archive, holding: Holding) -> bool:
    """Whether the very version is there after all, altered: that was told already."""
    return archive.stat(holding.key, holding.version_id) is not None


def _of(holding: Holding, kind: DifferenceKind, version_id: str | None) -> Difference:
    return Difference(
        kind=kind,
        key=holding.key,
        version_id=version_id,
        number=holding.number,
        document_id=holding.document_id,
    )
