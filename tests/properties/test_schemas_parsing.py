"""Whatever the bytes are: an event, or Invalid with pointers and codes, and nothing else."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import CODES
from schemas.errors import Invalid
from schemas.numbers import resident_id_faults
from schemas.parsing import ParsedEvent, canonical, digest, parse, read_envelope
from tests.building.events import EXAMPLES

DOCUMENTS = [json.loads(file.read_bytes()) for file in sorted(EXAMPLES.glob("*.json"))]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(st.characters(codec=None), max_size=4),
    st.sampled_from(
        ["", "2026-02-30", "2026-13", "0.00", "1e9", "{{ x }}", "\x00", "\u202e", "resident_id"]
    ),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def outcome(raw: bytes) -> ParsedEvent | Invalid:
    try:
        return parse(raw)
    except Invalid as error:
        return error


def stands(document: Any, pointer: str) -> bool:
    """Whether something stands at ``pointer`` in ``document``."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return False
    return True


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    else:
        return [path]
    return [path, *(place for key, entry in inner for place in places(entry, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """An example with one to four of its places replaced, taken out or doubled."""
    document = copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(1, 4))):
        *steps, last = draw(st.sampled_from([place for place in places(document) if place]))
        holder = document
        for step in steps:
            holder = holder[step]
        deed = draw(st.sampled_from(["replace", "remove", "add", "borrow"]))
        if deed == "remove" and isinstance(holder, dict):
            del holder[last]
        elif deed == "add" and isinstance(holder, dict):
            holder[draw(TEXTS)] = draw(VALUES)
        elif deed == "borrow":
            other = draw(st.sampled_from(DOCUMENTS))
            value = other
            for step in draw(st.sampled_from(places(other))):
                value = value[step]
            holder[last] = copy.deepcopy(value)
        else:
            holder[last] = draw(VALUES)
    return document


def judge(document: Any, error: Invalid) -> None:
    """Every problem has a code of the table and a place that is there, or whose parent is."""
    for problem in error.problems:
        assert problem.code in CODES
        assert not CODES[problem.code].warning
        assert problem.message
        assert problem.message_en
        problem.pointer.encode("utf-8")
        parent = problem.pointer.rpartition("/")[0]
        assert stands(document, problem.pointer) or stands(document, parent)


@settings(deadline=None, max_examples=300)
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_refused_with_reasons(raw: bytes) -> None:
    read_envelope(raw)
    assert len(digest(raw)) == 64
    assert isinstance(outcome(raw), Invalid)


@settings(deadline=None, max_examples=300)
@given(document=VALUES)
def test_any_json_is_refused_with_reasons(document: Any) -> None:
    raw = json.dumps(document).encode("utf-8")
    read_envelope(raw)
    error = outcome(raw)
    assert isinstance(error, Invalid)
    judge(document, error)


@settings(deadline=None, max_examples=600)
@given(document=mutated())
def test_a_spoiled_example_is_an_event_or_is_refused_with_reasons(document: Any) -> None:
    raw = json.dumps(document).encode("utf-8")
    result = outcome(raw)
    if isinstance(result, Invalid):
        judge(document, result)
    else:
        data = result.event.data
        assert type(data).model_validate(data.model_dump(mode="json", by_alias=True)) == data
        assert digest(raw) == result.sha256


@settings(deadline=None, max_examples=200)
@given(
    document=st.sampled_from(DOCUMENTS),
    at=st.floats(0, 1),
    piece=st.binary(max_size=6),
    cut=st.integers(0, 40),
)
def test_an_example_with_bytes_exchanged_is_an_event_or_is_refused(
    document: Any, at: float, piece: bytes, cut: int
) -> None:
    raw = json.dumps(document, ensure_ascii=False).encode("utf-8")
    place = int(at * len(raw))
    broken = raw[:place] + piece + raw[place + cut :]
    read_envelope(broken)
    assert isinstance(outcome(broken), ParsedEvent | Invalid)


@settings(deadline=None, max_examples=200)
@given(document=mutated())
def test_the_envelope_reads_what_a_json_reader_reads(document: Any) -> None:
    envelope = read_envelope(json.dumps(document, indent=1).encode("utf-8"))
    for name in ("id", "source", "type", "subject"):
        told = getattr(envelope, name)
        assert told is None or told == document[name]
    data = document.get("data")
    for name in ("case_no", "agency"):
        told = getattr(envelope, name)
        assert told is None or told == data[name]


@settings(deadline=None, max_examples=200)
@given(document=st.sampled_from(DOCUMENTS), data=VALUES)
def test_no_data_hide_the_envelope(document: Any, data: Any) -> None:
    spoiled = {**document, "data": data}
    envelope = read_envelope(json.dumps(spoiled).encode("utf-8"))
    assert (envelope.source, envelope.id) == (document["source"], document["id"])
    assert envelope.type == document["type"]


@given(document=st.sampled_from(DOCUMENTS), order=st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing(document: Any, order: Any) -> None:
    members = list(document.items())
    order.shuffle(members)
    assert canonical(json.dumps(dict(members)).encode()) == canonical(
        json.dumps(document, indent=2, ensure_ascii=False).encode()
    )


@given(number=st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True), place=st.integers(0, 17))
def test_no_single_wrong_digit_of_a_resident_id_goes_unseen(number: str, place: int) -> None:
    right = "430111194512032712"
    assert resident_id_faults(right) == []
    wrong = right[:place] + number[place] + right[place + 1 :]
    assert (resident_id_faults(wrong) == []) == (wrong == right)
