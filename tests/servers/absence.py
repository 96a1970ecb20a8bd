"""What becomes of a test whose server is not there."""

import os
from typing import NoReturn

import pytest


def missing(server: str, why: str, remedy: str = "make test starts it") -> NoReturn:
    """The test is skipped with a word why; in CI it fails."""
    reason = f"{server}: {why} ({remedy})"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
