"""docs/states.md, printed from the tables of ``cases.states``.

A test compares the committed page with ``page()`` and says how to print it anew.
"""

from enum import StrEnum
from typing import TypeVar

from cases.states import CASES, DOCUMENTS, EVENTS, STOP_LETTERS, Machine

State = TypeVar("State", bound=StrEnum)

_HEAD = """\
# State machines

Printed from the tables in `cases/states.py`; change those, then run
`python -c "from cases.states_page import page; print(page(), end='')" > docs/states.md`.
"""

_NOTES = {
    "Event": "`source` + `id` of an applied or parked event is taken; a rejected one takes none.",
    "Document": (
        "A void document keeps its number. One that was never sealed has no object; its "
        "unpublished messages are cancelled."
    ),
    "Stop letter": (
        "The state is told from the letter's receipts and the letters about it "
        "(`cases.stops.letter_state`), it is not kept. A stop letter can be void at any time; "
        "it then has no state here. A release or withdrawal that has left ends its stop letter "
        "for good: a case that reopens afterwards gets a new one."
    ),
    "Case": "The outstanding amount is never negative; it is zero exactly while a case is cleared.",
}


def page() -> str:
    """The whole of docs/states.md: a diagram and a table for each machine."""
    sections = (_section(EVENTS), _section(DOCUMENTS), _section(STOP_LETTERS), _section(CASES))
    return "\n".join((_HEAD, *sections))


def _section(machine: Machine[State]) -> str:
    return "\n".join(
        (
            f"## {machine.title}",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *(f"    [*] --> {state}" for state in machine.starts),
            *(f"    {t.before} --> {t.after}" for t in machine.transitions),
            "```",
            "",
            _NOTES[machine.title],
            "",
            "| from | to | when |",
            "|---|---|---|",
            *(f"| {t.before} | {t.after} | {t.cause} |" for t in machine.transitions),
            "",
        )
    )
