"""The committed schemas and pages: fresh, valid, and of one mind with the models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.events import EVENT_TYPES
from schemas.jsonschema import generated
from schemas.meanings import MEANINGS
from schemas.message_models import MESSAGE_MODELS
from tests.building.events import EXAMPLES
from tests.building.messages import GONE, changed

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "schemas" / "generated"
ALL_EXAMPLES = sorted([*EXAMPLES.glob("*.json"), *(EXAMPLES.parent / "out").glob("*.json")])


def schema_of(message: dict[str, Any]) -> dict[str, Any] | None:
    short = message["type"].removeprefix("hanyin.").removesuffix(".v1")
    file = FOLDER / f"{short}.v1.json"
    if not file.exists():
        return None
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from references(entry)


def standing_at(document: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        document = document[step]
    return document


@pytest.mark.parametrize("path", sorted(generated()), ids=str)
def test_the_committed_file_is_fresh(path: Path) -> None:
    committed = (ROOT / path).read_text(encoding="utf-8")
    assert committed == generated()[path], "run: python -m schemas.jsonschema"


def test_nothing_else_lies_among_the_generated_files() -> None:
    made = {path.name for path in generated() if path.parent.name == "generated"}
    assert {file.name for file in FOLDER.iterdir()} == made


@pytest.mark.parametrize("name", [*EVENT_TYPES, *MESSAGE_MODELS])
def test_a_schema_is_one_of_2020_12(name: str) -> None:
    schema = json.loads((FOLDER / f"{name}.v1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["type"]["const"] == f"hanyin.{name}.v1"


@pytest.mark.parametrize("file", ALL_EXAMPLES, ids=lambda file: file.stem)
def test_the_examples_fit_their_schemas(file: Path) -> None:
    message = json.loads(file.read_text(encoding="utf-8"))
    schema = schema_of(message)
    if schema is None:
        assert file.stem[:2] in {"31", "41", "42", "51", "52", "61"}
        return
    assert list(Draft202012Validator(schema).iter_errors(message)) == []


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("05", {"/data/amount": 1465.3}),
        ("05", {"/data/amount": "1465.3"}),
        ("05", {"/data/channel": "cash"}),
        ("05", {"/data/payer": GONE}),
        ("05", {"/data/extra": 1}),
        ("01", {"/data/overpayments": []}),
        ("01", {"/data/overpayments/0/from": "2024"}),
        ("01", {"/data/repayment/method": "barter"}),
        ("01", {"/extra": 1}),
    ],
)
def test_the_schema_refuses_what_it_can_know_to_be_wrong(
    name: str, changes: dict[str, Any]
) -> None:
    message = changed(name, changes)
    schema = schema_of(message)
    assert schema is not None
    assert not Draft202012Validator(schema).is_valid(message)


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = json.loads((FOLDER / "asyncapi.json").read_text(encoding="utf-8"))
    found = set(references(document))
    assert found
    for reference in found:
        assert isinstance(standing_at(document, reference), dict)


def test_the_asyncapi_document_has_every_event_and_message_with_its_payload() -> None:
    document = json.loads((FOLDER / "asyncapi.json").read_text(encoding="utf-8"))
    assert document["asyncapi"] == "3.0.0"
    names = {*EVENT_TYPES, *MESSAGE_MODELS}
    assert set(document["components"]["messages"]) == names
    carried = {name for channel in document["channels"].values() for name in channel["messages"]}
    assert carried == names
    for file in ALL_EXAMPLES:
        message = json.loads(file.read_text(encoding="utf-8"))
        short = message["type"].removeprefix("hanyin.").removesuffix(".v1")
        if short in names:
            payload = document["components"]["messages"][short]["payload"]
            schema = {**payload, "components": document["components"]}
            assert list(Draft202012Validator(schema).iter_errors(message)) == []


def properties(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each property of the schema, wherever it is, with its path."""
    if isinstance(value, dict):
        for name, told in value.get("properties", {}).items():
            if isinstance(told, dict):
                yield f"{path}/{name}", told
        value = list(value.items())
    elif isinstance(value, list):
        value = list(enumerate(value))
    else:
        return
    for name, each in value:
        # what is in an example is no schema
        if name != "examples":
            yield from properties(each, f"{path}/{name}")


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_every_property_has_a_meaning_and_an_example_that_fits_it(file: Path) -> None:
    whole = json.loads(file.read_text(encoding="utf-8"))
    found = list(properties(whole))
    assert found
    for path, told in found:
        assert told.get("description"), path
        if path.endswith("/data"):
            # put together from its members
            continue
        assert told.get("examples"), path
        around = {name: whole[name] for name in ("$defs", "components") if name in whole}
        for example in told["examples"]:
            assert list(Draft202012Validator({**told, **around}).iter_errors(example)) == [], path


@pytest.mark.parametrize("name", [*EVENT_TYPES, *MESSAGE_MODELS])
def test_the_examples_together_are_what_the_model_takes(name: str) -> None:
    model = {**EVENT_TYPES, **MESSAGE_MODELS}[name]
    schema = json.loads((FOLDER / f"{name}.v1.json").read_text(encoding="utf-8"))
    members = schema["properties"]["data"]["properties"]
    data = {member: told["examples"][0] for member, told in members.items()}
    model.model_validate_json(json.dumps(data))


def test_no_meaning_is_told_of_what_is_not_there() -> None:
    used: set[str] = set()
    for model in {**EVENT_TYPES, **MESSAGE_MODELS}.values():
        schema = model.model_json_schema(by_alias=True)
        for title, each in {**schema.get("$defs", {}), model.__name__: schema}.items():
            for member in each.get("properties", {}):
                own = f"{title}.{member}"
                used.add(own if own in MEANINGS else member)
    envelope = {name for name in MEANINGS if name.startswith("envelope.")}
    assert {*MEANINGS} == used | envelope
