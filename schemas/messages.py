"""What goes out: the messages, their envelope and where each is published (contract, "Out")."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.documents import DocumentKind, RecipientRole
from schemas.exchanges import DOCUMENTS, LETTERS, REJECTIONS
from schemas.message_models import MESSAGE_MODELS

#: where a message goes: exchange and routing key
Route = tuple[str, str]


def envelope(
    *,
    type: str,  # noqa: A002 -- CloudEvents' own names
    id: str,  # noqa: A002
    source: str,
    time: datetime,
    subject: str,
    data: Mapping[str, Any],
) -> dict[str, Any]:
    """The message in CloudEvents' structured mode (1.0), members in the contract's order.

    ``type`` is the short name (``document.archived``), ``time`` aware. Raises ValueError for a
    type that the contract does not have.
    """
    if type not in MESSAGE_MODELS:
        raise ValueError(f"no message of the contract: {type}")
    if time.tzinfo is None:
        raise ValueError("a message's time needs its offset")
    return {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": f"hanyin.{type}.v1",
        "time": time.isoformat(),
        "subject": subject,
        "datacontenttype": "application/json",
        "data": dict(data),
    }


def body(message: Mapping[str, Any]) -> bytes:
    """The bytes of a message: JSON in UTF-8, characters as themselves."""
    return json.dumps(message, ensure_ascii=False, allow_nan=False).encode("utf-8")


def recipient(role: str, bank_code: str | None) -> dict[str, str]:
    """A document's recipient as a message tells it: the role, for a bank its code, never a name."""
    told = {"role": RecipientRole(role).value}
    if bank_code is not None:
        told["bank_code"] = bank_code
    return told


def route_document(agency: str, kind: str | None) -> Route:
    """Where news of a document of ``kind`` goes; None: news of the case itself."""
    return DOCUMENTS, f"{agency}.{kind or 'case'}"


def route_letter(bank: str | None, kind: DocumentKind) -> Route:
    """Where a letter goes: to the configured bank ``bank``; None: to no bank that is known."""
    return LETTERS, f"bank.{bank or 'unassigned'}.{kind.value}"


def route_rejection(slug: str | None) -> Route:
    """Where a rejection goes: to the source of that slug, to ``bank.<bank>``, or to ``unknown``."""
    return REJECTIONS, slug or "unknown"
