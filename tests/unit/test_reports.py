"""Each report to pyHanko's authors says what the installed version does."""

import logging
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "reports-to-pyhanko.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
_HEADING = re.compile(r"^## (\d+\. .*)$", re.MULTILINE)
#: heading → text, of the numbered sections
_PIECES = _HEADING.split(TEXT)
REPORTS = dict(zip(_PIECES[1::2], _PIECES[2::2], strict=True))


@pytest.fixture(scope="module")
def common() -> dict[str, Any]:
    """What the code that all reports use defines."""
    names: dict[str, Any] = {}
    exec(_CODE.findall(_PIECES[0])[0], names)  # noqa: S102 -- our own document
    return names


@pytest.mark.parametrize("heading", REPORTS)
def test_what_a_report_says_is_so(heading: str, common: dict[str, Any]) -> None:
    logging.disable(logging.CRITICAL)  # pyHanko tells tracebacks
    try:
        (code,) = _CODE.findall(REPORTS[heading])
        assert "assert" in code or "AssertionError" in code
        exec(code, dict(common))  # noqa: S102 -- as above
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("heading", REPORTS)
@pytest.mark.parametrize("part", ["What happens", "Expected", "Why it matters", "Suggested mend"])
def test_a_report_is_whole(heading: str, part: str) -> None:
    assert f"**{part}.**" in REPORTS[heading]


@pytest.mark.parametrize("name", ["pyhanko", "pyhanko-certvalidator"])
def test_the_reports_name_the_installed_version(name: str) -> None:
    assert version(name) in TEXT
