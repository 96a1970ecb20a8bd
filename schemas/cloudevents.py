"""The schema of the envelope that every event and message stands in."""

from collections.abc import Mapping
from typing import Any

from schemas import limits
from schemas.events import EVENT_TYPES

_TEXT = {"type": "string", "minLength": 1, "maxLength": limits.ENVELOPE}


def cloudevent(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a CloudEvent (1.0, structured) of the short type ``name`` around ``data``."""
    # an event's subject is its case; a message's may be whatever an event called its own
    subject = limits.CASE_NO if name in EVENT_TYPES else limits.ENVELOPE
    optional = {"datacontenttype"} | ({"subject"} if name == "letter.receipted" else set())
    properties = {
        "specversion": {"const": "1.0"},
        "id": _TEXT,
        "source": {**_TEXT, "format": "uri-reference"},
        "type": {"const": f"hanyin.{name}.v1"},
        "time": {"type": "string", "format": "date-time"},
        "subject": {**_TEXT, "maxLength": subject},
        "datacontenttype": {"const": "application/json"},
        "data": dict(data),
    }
    return {
        "title": name,
        "type": "object",
        "additionalProperties": False,
        "required": [member for member in properties if member not in optional],
        "properties": properties,
    }
