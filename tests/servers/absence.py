"""What becomes of a test whose server is not there."""

import os

import pytest


def missing(server: str, why: str) -> None:
    """The test is skipped with a word why; in CI it fails."""
    reason = f"{server}: {why} (make test starts it)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
