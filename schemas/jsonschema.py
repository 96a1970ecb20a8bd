"""JSON Schema (2020-12) of each event and message, made from the models.

``python -m schemas.jsonschema`` writes them, the AsyncAPI document and docs/codes.md; all are
committed, and a test fails when they are stale.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas.alarms import alarms_page
from schemas.asyncapi import asyncapi
from schemas.cloudevents import cloudevent
from schemas.codes_page import codes_page
from schemas.events import EVENT_TYPES
from schemas.meanings import explain
from schemas.message_models import MESSAGE_MODELS

_ROOT = Path(__file__).resolve().parent.parent
_GENERATED = Path("schemas") / "generated"


def json_schema(name: str, model: type[BaseModel]) -> dict[str, Any]:
    """The schema of the whole message of the short type ``name`` whose data is ``model``."""
    data = model.model_json_schema(by_alias=True)
    definitions = data.pop("$defs", {})
    explain(model.__name__, data, definitions)
    for title, schema in definitions.items():
        explain(title, schema, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:hanyin:{name}:v1",
        **cloudevent(name, data),
        "$defs": definitions,
    }


def generated() -> dict[Path, str]:
    """The text of every file that is made here, by its path in the project."""
    models: dict[str, type[BaseModel]] = {**EVENT_TYPES, **MESSAGE_MODELS}
    files = {
        _GENERATED / f"{name}.v1.json": _text(json_schema(name, model))
        for name, model in models.items()
    }
    files[_GENERATED / "asyncapi.json"] = _text(asyncapi())
    files[Path("docs") / "codes.md"] = codes_page()
    files[Path("docs") / "alarms.md"] = alarms_page()
    return files


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Every generated file is written anew."""
    for path, text in generated().items():
        (_ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (_ROOT / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
