"""Bytes → a valid event with its warnings, or everything that is wrong with it.

``parse`` raises nothing but ``Invalid``, whatever the bytes are; ``read_envelope`` reads the
envelope of what is invalid.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import rfc8785
from pydantic import ValidationError

from schemas.answers import UNNAMED, leaves_case_out, with_case
from schemas.case_numbers import case_no_problem
from schemas.checks import problems_of
from schemas.codes import Problem
from schemas.envelope import EVENT_TYPE, Envelope, EventEnvelope, read_envelope
from schemas.errors import Invalid
from schemas.events import EVENT_TYPES, CaseEvent, Event
from schemas.faults import problems_in
from schemas.fields import Strict
from schemas.reading import SIZE_LIMIT, read_json
from schemas.remarks import warnings_of

__all__ = [
    "CheckedEvent",
    "Envelope",
    "ParsedEvent",
    "canonical",
    "check",
    "digest",
    "parse",
    "read_envelope",
]

#: problems that a rejection lists; a message can be made to have as many as bytes
MOST_PROBLEMS = 100

_Model = TypeVar("_Model", bound=Strict)


@dataclass(frozen=True, kw_only=True)
class ParsedEvent:
    """A valid event and what was remarked about it."""

    event: Event
    #: they do not reject
    warnings: tuple[Problem, ...]
    #: of the whole message's canonical JSON (RFC 8785), lower-case hex
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CheckedEvent:
    """What a sender needs to know of a valid event."""

    #: short name, ``overpayment.confirmed``
    type: str
    source: str
    #: whose case it is; None of a bank's answer that leaves it out
    agency: str | None
    #: they do not reject
    warnings: tuple[Problem, ...]


def parse(
    raw: bytes,
    *,
    today: date | None = None,
    size_limit: int = SIZE_LIMIT,
    case: tuple[str, str] = UNNAMED,
) -> ParsedEvent:
    """The event that ``raw`` says; raises Invalid with all its problems at once.

    ``today`` is what deadlines are compared with in warnings; default: the event's own day.
    ``case`` is agency and number of a bank's answer that leaves them out.
    """
    whole, problems = read_json(raw, size_limit=size_limit)
    event = _validated_event(whole, problems, case)
    return ParsedEvent(
        event=event,
        warnings=tuple(warnings_of(event, today=today)),
        sha256=_sha256(whole),
    )


def check(raw: bytes) -> CheckedEvent:
    """The type of the valid event ``raw`` and its warnings; cheaper than ``parse``.

    Raises Invalid with all its problems at once.
    """
    event = _validated_event(*read_json(raw), UNNAMED)
    agency = event.data.agency
    return CheckedEvent(
        type=event.type,
        source=event.source,
        agency=None if agency == UNNAMED[0] else agency,
        warnings=tuple(warnings_of(event)),
    )


def canonical(raw: bytes, *, size_limit: int = SIZE_LIMIT) -> bytes:
    """``raw`` as canonical JSON (RFC 8785), by which contents are compared.

    Raises Invalid where ``raw`` is no JSON, or JSON that means different things to two readers.
    """
    document, problems = read_json(raw, size_limit=size_limit)
    if problems:
        raise Invalid(_listed(problems))
    return rfc8785.dumps(document)


def digest(raw: bytes, *, size_limit: int = SIZE_LIMIT) -> str:
    """SHA-256 of ``canonical(raw)``, lower-case hex; of ``raw`` itself where there is none."""
    try:
        return hashlib.sha256(canonical(raw, size_limit=size_limit)).hexdigest()
    except Invalid:
        return hashlib.sha256(raw).hexdigest()


def _validated_event(whole: Any, problems: list[Problem], case: tuple[str, str]) -> Event:
    """The event that ``whole`` says; raises Invalid with ``problems`` and its own."""
    document = with_case(whole, *case) if leaves_case_out(whole) else whole
    envelope, faults = _validated(EventEnvelope, document, ())
    problems = _joined(problems, faults)
    kind = _kind(document)
    problems = _joined(problems, [*_type_problems(document, kind), *_subject_problems(document)])
    data, faults = _data(kind, document)
    problems = _joined(problems, [*faults, *_case_no_problems(document, kind)])
    if problems or envelope is None or kind is None or data is None:
        raise Invalid(_listed(problems))
    return _event(envelope, kind, data)


def _sha256(document: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def _validated(
    model: type[_Model], value: Any, root: tuple[str, ...]
) -> tuple[_Model | None, list[Problem]]:
    """``value`` as ``model``, members by the contract's names only; or what is wrong with it."""
    try:
        return model.model_validate(value, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, list(problems_in(error, root))


def _kind(document: Any) -> str | None:
    """The short type name that the message says, known or not."""
    full = document.get("type") if isinstance(document, dict) else None
    match = EVENT_TYPE.fullmatch(full) if isinstance(full, str) else None
    return match[1] if match else None


def _type_problems(document: Any, kind: str | None) -> Iterator[Problem]:
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        return
    if kind not in EVENT_TYPES:
        yield Problem.of("/type", "unknown_type")


def _subject_problems(document: Any) -> Iterator[Problem]:
    data = document.get("data") if isinstance(document, dict) else None
    case_no = data.get("case_no") if isinstance(data, dict) else None
    subject = document.get("subject") if isinstance(document, dict) else None
    if isinstance(case_no, str) and isinstance(subject, str) and case_no != subject:
        yield Problem.of("/subject", "subject_mismatch")


def _case_no_problems(document: Any, kind: str | None) -> Iterator[Problem]:
    """What opens a case gives it a number of the alphabet; one that is there keeps its own."""
    data = document.get("data") if isinstance(document, dict) else None
    case_no = data.get("case_no") if isinstance(data, dict) else None
    opens = kind == "overpayment.confirmed"
    problem = case_no_problem(case_no) if opens and isinstance(case_no, str) else None
    if problem is not None:
        yield problem


def _data(kind: str | None, document: Any) -> tuple[CaseEvent | None, list[Problem]]:
    """The data as the model of its type, and what is wrong in it and between its members."""
    data = document.get("data") if isinstance(document, dict) else None
    if kind not in EVENT_TYPES or not isinstance(data, dict):
        return None, []
    value, problems = _validated(EVENT_TYPES[kind], data, ("data",))
    return value, _joined(problems, problems_of(kind, data))


def _joined(problems: list[Problem], more: list[Problem]) -> list[Problem]:
    """``problems``, and of ``more`` those at places where nothing has been found wrong yet."""
    taken = {problem.pointer for problem in problems}
    return problems + [problem for problem in more if problem.pointer not in taken]


def _listed(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MOST_PROBLEMS:
        return problems
    rest = Problem.of("", "more_problems", count=len(problems) - MOST_PROBLEMS)
    return [*problems[:MOST_PROBLEMS], rest]


def _event(envelope: EventEnvelope, kind: str, data: Any) -> Event:
    return Event(
        id=envelope.id,
        source=envelope.source,
        type=kind,
        time=envelope.time,
        subject=envelope.subject,
        data=data,
    )
