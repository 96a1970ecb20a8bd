"""An archived object and what the ledger says it is: number, kind, agency, digest, key.

For ``hanyin archive fixity``: a ledger whose rows were changed names objects that are sound, and
another's.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.kinds import KINDS
from ledger.holdings import Held
from rendering.heading import head_lines
from schemas.configuration import Agency, Directory
from schemas.documents import DocumentKind, Issuer, RecipientRole
from signing.names import is_of
from signing.statement import Statement, read_statement
from workers.delivering import key_of

#: what the demo authority writes behind a name
_DEMO = " (DEMO)"


def differing(content: bytes, *, row: Mapping[str, Any], directory: Directory) -> tuple[str, ...]:
    """In what ``content`` is not what ``row`` says: key, number, digest, agency, kind; or ().

    ``row`` is the register's, with ``sealed``, ``seq``, ``sha256`` and ``storage_key`` of the
    letter, rendition or attachment that is looked at.
    """
    found = [] if row["storage_key"] == _key(row) else ["key"]
    if row["sealed"]:
        says = read_statement(content)
        found += ["number", "digest", "agency"] if says is None else _unlike(says, row, directory)
        found += [] if _is_kind(content, DocumentKind(row["kind"])) else ["kind"]
    return tuple(found)


def _unlike(says: Statement, row: Mapping[str, Any], directory: Directory) -> list[str]:
    found = [] if says.number == row["number"] else ["number"]
    found += [] if says.intact else ["digest"]
    return found + ([] if _is_agency(says, row, directory) else ["agency"])


def _is_agency(says: Statement, row: Mapping[str, Any], directory: Directory) -> bool:
    """The seal is by the certificate on record, and does not name another agency of ours alone.

    A name may have changed since: that it names none of ours says nothing.
    """
    if says.subject.rfc4514_string() != (row["certificate"] or {}).get("subject"):
        return False
    named = {
        (agency.code, issuer)
        for agency in directory.agencies
        for issuer in Issuer
        if agency.writes_as(issuer) and is_of(says.subject, _names(agency.sealing_as(issuer)))
    }
    return not named or (row["agency"], Issuer(row["issuer"])) in named


def _names(bearer: Agency) -> Iterator[str]:
    own = [bearer.name, *([bearer.seal.name] if bearer.seal.name else [])]
    for name in (*own, *bearer.seal.certificate_names):
        yield from (name, name + _DEMO)


def _is_kind(content: bytes, kind: DocumentKind) -> bool:
    """No other kind's title stands at its head.

    What an agency's own template calls it says nothing.
    """
    head = set(head_lines(content))
    named = {each for each in DocumentKind if head & set(_titles(each))}
    return not named or kind in named


def _titles(kind: DocumentKind) -> Iterator[str]:
    yield KINDS[kind].title
    yield from (KINDS[kind].titled(role) for role in RecipientRole)


def _key(row: Mapping[str, Any]) -> str | None:
    """The key that it must have; None where the row makes none."""
    try:
        return key_of(
            Held(
                agency=row["agency"],
                year=row["year"],
                number=row["number"],
                document_id=row["document_id"],
                sha256=row["sha256"],
                media_type=row.get("media_type", "application/pdf"),
                seq=row["seq"],
                sealed=row["sealed"],
                storage_key=row["storage_key"],
                version_id=row["version_id"],
                retain_until=None,
            )
        )
    except (KeyError, ValueError):
        return None
