"""The schema of the envelope that every event and message stands in."""

from collections.abc import Mapping
from typing import Any

from schemas import limits
from schemas.events import EVENT_TYPES
from schemas.meanings import meaning_of

_TEXT = {"type": "string", "minLength": 1, "maxLength": limits.ENVELOPE}


def cloudevent(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a CloudEvent (1.0, structured) of the short type ``name`` around ``data``."""
    # an event's subject is its case; a message's may be whatever an event called its own
    subject = limits.CASE_NO if name in EVENT_TYPES else limits.ENVELOPE
    optional = {"datacontenttype"} | ({"subject"} if name == "letter.receipted" else set())
    properties: dict[str, dict[str, Any]] = {
        "specversion": {"const": "1.0"},
        "id": dict(_TEXT),
        "source": {**_TEXT, "format": "uri-reference"},
        "type": {"const": f"hanyin.{name}.v1"},
        "time": {"type": "string", "format": "date-time"},
        "subject": {**_TEXT, "maxLength": subject},
        "datacontenttype": {"const": "application/json"},
        "data": dict(data),
    }
    _explain(name, properties)
    return {
        "title": name,
        "type": "object",
        "additionalProperties": False,
        "required": [member for member in properties if member not in optional],
        "properties": properties,
    }


def _explain(name: str, properties: dict[str, dict[str, Any]]) -> None:
    """Each member of the envelope has a description and an example; of ``data`` its model tells."""
    for member in properties.keys() - {"type", "data"}:
        meaning = meaning_of("envelope", member)
        properties[member] |= {"description": meaning.text, "examples": [meaning.example]}
    properties["type"] |= {"description": "What happened.", "examples": [f"hanyin.{name}.v1"]}
    properties["data"] = {"description": f"What {name} says.", **properties["data"]}
