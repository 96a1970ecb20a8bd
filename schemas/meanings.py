"""What each member of events and messages means, with an example, in the schemas made of them.

The tables are ``meanings_events`` and ``meanings_messages``: a member's name, with its model's
before it where several models have one of that name, to what it means and an example. An object's
or list's example is put together from those of what is in it.
"""

from collections.abc import Mapping
from typing import Any

from schemas.meaning import Meaning
from schemas.meanings_events import EVENT_MEANINGS
from schemas.meanings_messages import MESSAGE_MEANINGS

MEANINGS: Mapping[str, Meaning] = {**EVENT_MEANINGS, **MESSAGE_MEANINGS}


def meaning_of(model: str, member: str) -> Meaning:
    """What is said of the member of the model. Raises KeyError where nothing is."""
    return MEANINGS.get(f"{model}.{member}") or MEANINGS[member]


def explain(model: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> None:
    """Each property of the model's ``schema`` has a description and an example.

    ``definitions`` are the schemas that it refers to, by name.
    """
    for member, told in schema.get("properties", {}).items():
        meaning = meaning_of(model, member)
        told["description"] = meaning.text
        told["examples"] = [_example(model, member, told, definitions)]


def _example(
    model: str, member: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Any:
    meaning = meaning_of(model, member)
    return meaning.example if meaning.has_example else _composed(schema, definitions)


def _composed(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    """An example of an object or a list, whose members have theirs in the tables."""
    if schema.get("type") == "array":
        return [_composed(schema["items"], definitions)]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return _composed(schema[choice][-1 if _is_text(schema[choice][0]) else 0], definitions)
    name = schema["$ref"].rpartition("/")[2]
    target = definitions[name]
    return {
        member: _example(name, member, each, definitions)
        for member, each in target["properties"].items()
    }


def _is_text(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "string"
