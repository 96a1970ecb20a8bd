"""The AsyncAPI 3.0 document: exchanges, routing keys and messages, for those who connect."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from schemas.cloudevents import cloudevent
from schemas.documents import BANK_LETTERS, DocumentKind
from schemas.events import EVENT_TYPES
from schemas.exchanges import DOCUMENTS, EVENTS, LETTERS, RECEIPTS, REJECTIONS
from schemas.meanings import explain
from schemas.message_models import MESSAGE_MODELS

#: of the document, not of the program: rises with the contract
CONTRACT_VERSION = "1.0.0"
_SCHEMAS = "#/components/schemas/"

_KIND = {"enum": [kind.value for kind in DocumentKind]}
#: channel → exchange, address (routing key), parameters, short types, what the program does
_CHANNELS: dict[str, dict[str, Any]] = {
    "events": {
        "exchange": EVENTS,
        "address": "{type}",
        "parameters": {"type": {"enum": [f"hanyin.{name}.v1" for name in EVENT_TYPES]}},
        "types": list(EVENT_TYPES),
        "action": "receive",
    },
    "receipts": {
        "exchange": RECEIPTS,
        "address": "hanyin.letter.receipted.v1",
        "parameters": {},
        "types": ["letter.receipted"],
        "action": "receive",
    },
    "letters": {
        "exchange": LETTERS,
        "address": "bank.{bank}.{kind}",
        "parameters": {
            "bank": {"description": "short name in the configuration, or unassigned"},
            "kind": {"enum": sorted(kind.value for kind in BANK_LETTERS)},
        },
        "types": ["letter.issued", "letter.withdrawn"],
        "action": "send",
    },
    "documents": {
        "exchange": DOCUMENTS,
        "address": "{agency}.{kind}",
        "parameters": {
            "agency": {"description": "code of the agency"},
            "kind": {"enum": [*_KIND["enum"], "case"]},
        },
        "types": [
            "document.archived",
            "document.voided",
            "document.failed",
            "deadline.passed",
            "case.changed",
            "case.cleared",
            "letter.refused",
        ],
        "action": "send",
    },
    "rejections": {
        "exchange": REJECTIONS,
        "address": "{source}",
        "parameters": {"source": {"description": "slug of the source, or unknown"}},
        "types": ["event.rejected"],
        "action": "send",
    },
}


def asyncapi() -> dict[str, Any]:
    """The document, complete in itself."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Hanyin 函印",
            "version": CONTRACT_VERSION,
            "description": "Case events in; numbered, sealed letters and news of them out.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {name: _channel(channel) for name, channel in _CHANNELS.items()},
        "operations": {name: _operation(name) for name in _CHANNELS},
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _channel(channel: dict[str, Any]) -> dict[str, Any]:
    exchange = {"name": channel["exchange"], "type": "topic", "durable": True}
    described = {
        "address": channel["address"],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in channel["types"]},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange}},
    }
    return (
        {**described, "parameters": channel["parameters"]} if channel["parameters"] else described
    )


def _operation(name: str) -> dict[str, Any]:
    channel = f"#/channels/{name}"
    return {
        "action": _CHANNELS[name]["action"],
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{kind}"} for kind in _CHANNELS[name]["types"]],
        "bindings": {"amqp": {"deliveryMode": 2}},
    }


def _models() -> dict[str, type[BaseModel]]:
    return {**EVENT_TYPES, **MESSAGE_MODELS}


def _messages() -> dict[str, Any]:
    return {
        name: {
            "name": f"hanyin.{name}.v1",
            "contentType": "application/cloudevents+json",
            "summary": (model.__doc__ or "").splitlines()[0],
            "payload": cloudevent(name, {"$ref": _SCHEMAS + model.__name__}),
        }
        for name, model in _models().items()
    }


def _schemas() -> dict[str, Any]:
    _, together = models_json_schema(
        [(model, "validation") for model in _models().values()],
        by_alias=True,
        ref_template=_SCHEMAS + "{model}",
    )
    schemas = dict(together["$defs"])
    for title, schema in schemas.items():
        explain(title, schema, schemas)
    return schemas
