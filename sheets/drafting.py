"""Rows → one event: members filled by their columns, and where each came from."""

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from schemas.codes import Problem
from schemas.errors import Invalid
from schemas.parsing import parse
from schemas.pointers import Path, pointer
from sheets.cells import read_cell, shown
from sheets.columns import Column
from sheets.layouts import CONFIRMED, RECORDED
from sheets.places import Fault, Place
from sheets.repaying import renamed, word_of
from sheets.rows import Row
from sheets.sender import Sender

_LISTS: tuple[Path, ...] = (
    ("data", "overpayments"),
    ("data", "benefit_cards"),
    ("data", "notify"),
    ("data", "party", "groups"),
)


@dataclass(kw_only=True)
class Draft:
    """An event in the making, and all that is known against it."""

    #: short type
    type: str
    #: the row that it began with
    place: Place
    event: dict[str, Any] = field(repr=False)
    #: pointer → the cell that fills it, or would
    places: dict[str, Place] = field(default_factory=dict)
    #: cell → its value as it may be shown
    values: dict[Place, str] = field(default_factory=dict, repr=False)
    faults: list[Fault] = field(default_factory=list)
    #: they do not hold it back
    warnings: list[Fault] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        """The event as it is published; the same rows make the same bytes."""
        # half a surrogate pair is found by the contract's reader
        return json.dumps(self.event, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def add(self, row: Row, base: Path = ()) -> None:
        """The cells of ``row`` stand in the members of their columns, below ``base``."""
        absent = [block for block in row.layout.blocks if not _is_filled(row, block)]
        for column in row.layout.columns:
            for path in column.paths:
                self.places.setdefault(pointer((*base, *path)), row.at(column))
                if not any(path[: len(block)] == block for block in absent):
                    # only the first member of a column is demanded (an account: of its card)
                    needed = column.required and path == column.paths[0]
                    self._fill(row, column, (*base, *path), needed=needed)

    def _fill(self, row: Row, column: Column, path: Path, *, needed: bool) -> None:
        cell = row.cells.get(column.heading)
        if cell is None:
            if not needed:
                _put(self.event, path, None)
            return
        self.values[row.at(column)] = shown(cell, column)
        try:
            _put(self.event, path, read_cell(cell, column))
        except Invalid as error:
            self._object(row.at(column), error.problems[0])

    def _object(self, place: Place, problem: Problem) -> None:
        """``place`` has this fault; of what follows from it nothing is said about the same cell."""
        if place.column is None or all(fault.place != place for fault in self.faults):
            self.faults.append(Fault(place=place, problem=problem, value=self.values.get(place)))

    def finish(self) -> None:
        """What depends on several members is filled in, and the event is judged."""
        self._choose_way()
        self._date()
        self._judge()

    def _date(self) -> None:
        """A repayment without a time of its own has that of the day on which it was received."""
        if self.event.get("time") is not None or self.type != RECORDED:
            return
        day = self.event["data"].get("received_on")
        self.places["/time"] = self.places["/data/received_on"]
        if day is None:
            self.event.pop("time", None)
        else:
            self.event["time"] = f"{day}T00:00:00+08:00"

    def _choose_way(self) -> None:
        repayment = self.event["data"].get("repayment")
        if repayment is None:
            return
        method = str(repayment.get("method"))
        members, names = renamed(repayment)
        self.event["data"]["repayment"] = members
        places = {name: self.places.pop(f"/data/repayment/{name}") for name in _WAY}
        for name, place in places.items():
            self.places[f"/data/repayment/{names.get(name, name)}"] = place
            if name not in names and name in members:
                told = Problem.of("", "column_unexpected", method=method, method_zh=word_of(method))
                self._object(place, told)

    def _judge(self) -> None:
        try:
            parsed = parse(self.raw)
        except Invalid as error:
            for problem in error.problems:
                self._object(self.place_of(problem.pointer), problem)
        else:
            for warning in parsed.warnings:
                place = self.place_of(warning.pointer)
                self.warnings.append(
                    Fault(place=place, problem=warning, value=self.values.get(place))
                )

    def place_of(self, pointer_: str) -> Place:
        """The cell that fills what ``pointer_`` points to, or the nearest above it."""
        while pointer_:
            if pointer_ in self.places:
                return self.places[pointer_]
            pointer_ = pointer_.rpartition("/")[0]
        return self.place


_WAY = ("method", "amount", "periods", "from", "to")


def begin(row: Row, sender: Sender) -> Draft:
    """The event that ``row`` opens, with what the row itself says."""
    type_ = row.layout.event
    data: dict[str, Any] = {"agency": sender.agency}
    draft = Draft(
        type=type_,
        place=row.place,
        event={
            "specversion": "1.0",
            "source": sender.source,
            "type": f"hanyin.{type_}.v1",
            "datacontenttype": "application/json",
            "data": data,
        },
    )
    if type_ == CONFIRMED:
        data |= {"party": {}, "handler": {}, "promisor": None, "repayment": None}
        for path in _LISTS:
            _put(draft.event, path, [])
    draft.add(row)
    draft.places["/id"] = draft.place_of("/subject")
    draft.event["id"] = _identity(draft.event)
    return draft


def _identity(event: dict[str, Any]) -> str:
    """The event's id: of what it tells and of nothing else, so that telling it again is a repeat.

    The case (of its agency), and of a repayment the receipt, which is unique in its case.
    """
    data = event["data"]
    parts = [data["agency"], data.get("case_no", "")]
    if event["type"] == f"hanyin.{RECORDED}.v1":
        parts.append(data.get("receipt_no", ""))
    return ":".join(["sheet", *(_escaped(str(part)) for part in parts)])


def _escaped(part: str) -> str:
    """``part`` without the colon that separates parts."""
    return part.replace("%", "%25").replace(":", "%3A")


def _is_filled(row: Row, block: Path) -> bool:
    return any(
        column.heading in row.cells
        for column in row.layout.columns
        for path in column.paths[:1]
        if path[: len(block)] == block
    )


def _put(event: Any, path: Path, value: Any) -> None:
    """``value`` stands at ``path``; objects and lists on the way are made."""
    here = event
    for step, after in pairwise(path):
        empty: Any = [] if isinstance(after, int) else {}
        if isinstance(step, int):
            while len(here) <= step:
                here.append(empty)
            here = here[step]
        else:
            if here.get(step) is None:
                here[step] = empty
            here = here[step]
    last = path[-1]
    if isinstance(last, int):
        here.append(value)
    else:
        here[last] = value
