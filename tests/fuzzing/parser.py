"""``python -m tests.fuzzing.parser``: bytes that reach new code, until there are enough of them.

Words after it are libFuzzer's. Ends with 0 where each was an event, or Invalid with pointers and
codes; what breaks that is printed and kept in the working folder.
"""

import sys
from collections.abc import Sequence

import atheris
import pytest

with atheris.instrument_imports(include=["schemas"]):
    from schemas.codes import CODES, Problem
    from schemas.errors import Invalid
    from schemas.parsing import digest, parse, read_envelope


def one(raw: bytes) -> None:
    """``raw`` is told apart; fails where it is neither an event nor refused for a reason."""
    read_envelope(raw)
    digest(raw)
    for problem in refusals(raw) or ():
        assert problem.code in CODES
        assert problem.pointer == "" or problem.pointer.startswith("/")


def refusals(raw: bytes) -> Sequence[Problem] | None:
    """Why ``raw`` is refused, which has a reason; None where it is an event."""
    try:
        parse(raw)
    except Invalid as refused:
        return refused.problems or pytest.fail("refused for no reason")
    return None


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
