"""``python -m tests.fuzzing.parser``: bytes that reach new code, until there are enough of them.

Words after it are libFuzzer's. Ends with 0 where each was an event, or Invalid with pointers and
codes; what breaks that is printed and kept in the working folder.
"""

import sys

import atheris

with atheris.instrument_imports(include=["schemas"]):
    from tests.building.hostile import judged


def one(raw: bytes) -> None:
    """Fails where ``raw`` is accepted or refused for no good reason."""
    judged(raw)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
