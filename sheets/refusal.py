"""How this room says no: ``Invalid`` with one problem; the place is added where it is known."""

from schemas.codes import Problem
from schemas.errors import Invalid


def refused(code: str, **values: object) -> Invalid:
    """The error of ``code``, a name of ``schemas.codes``, its sentences filled with ``values``."""
    return Invalid([Problem.of("", code, **values)])
