"""What the rules answer to an event: the port between ``cases`` and ``ledger``.

``cases.rules.decide(standing, event, surroundings) -> Decision`` is the one entry point; it
raises ``schemas.errors.Invalid`` where the case does not allow the event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from cases.case import Case, CaseDocument, Receipt, Service
from cases.draft import DocumentDraft
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.documents import Reference
from schemas.events import CaseEvent, Event

Data = TypeVar("Data", bound=CaseEvent)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The case as it stands before the event; ``case`` is None where it is not open yet."""

    case: Case | None
    #: every numbered document of the case, void ones too, in the order of their making
    documents: tuple[CaseDocument, ...] = ()

    @property
    def opened(self) -> Case:
        """The case; ValueError where it is not open yet: the ledger parks such an event."""
        if self.case is None:
            raise ValueError("an event of a case that is not there is parked, not decided")
        return self.case


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the rules may know beside the case."""

    agency: Agency
    #: today in Asia/Shanghai
    today: date
    #: the bank (its configured name) whose RabbitMQ user sent the event; None: not a bank
    answering_bank: str | None = None
    #: bank codes to configured bank names, as far as the case needs them
    bank_names: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentChange:
    """What becomes of a document that is there already: exactly one of the four is set."""

    document_id: str
    receipt: Receipt | None = None
    service: Service | None = None
    #: the reason it is void; its unpublished messages are cancelled
    void_reason: str | None = None
    #: with ``void_reason``: who approved it, {name, post}; None where the rules alone ask for it
    approved_by: Mapping[str, str] | None = None
    #: with ``void_reason``: the bank has the letter, and is told by another one; without it a
    #: letter that began to leave meanwhile makes the rules decide again
    though_sent: bool = False
    #: what it waits for from now on, since the one that it waited for is void
    waits_for: Reference | None = None


@dataclass(frozen=True, kw_only=True)
class OutgoingNews:
    """A message of the case itself for ``hanyin.documents`` (``case.changed``, …)."""

    #: short type name: ``case.changed``
    type: str
    #: the message's ``data``, without ``caused_by`` (the ledger adds it)
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Something that a person must look at; kept in the audit trail and counted."""

    #: snake_case, e.g. ``letter_refused``, ``nobody_to_stop``, ``qualification_unknown``
    name: str
    #: ids and codes only: no names, no ID or account numbers
    details: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Everything that follows from one event; the ledger carries it out in one transaction."""

    case: Case
    #: numbered in this order; a draft refers to an earlier one by its place
    drafts: tuple[DocumentDraft, ...] = ()
    changes: tuple[DocumentChange, ...] = ()
    news: tuple[OutgoingNews, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    #: warnings that do not reject; kept with the event
    warnings: tuple[Problem, ...] = ()


def data_of(event: Event, model: type[Data]) -> Data:
    """The event's data, which are a ``model``; TypeError where the envelope's type lied."""
    if not isinstance(event.data, model):
        raise TypeError(f"the data of {event.type} are no {model.__name__}")
    return event.data
