"""Each report to pyHanko's authors says what the installed version does."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "reports-to-pyhanko.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
_HEADING = re.compile(r"^## (\d+\. .*)$", re.MULTILINE)
#: heading → text, of the numbered sections
_PIECES = _HEADING.split(TEXT)
REPORTS = dict(zip(_PIECES[1::2], _PIECES[2::2], strict=True))


@pytest.mark.parametrize("heading", REPORTS)
def test_what_a_report_says_is_so(heading: str) -> None:
    (code,) = _CODE.findall(REPORTS[heading])
    assert "assert" in code or "AssertionError" in code
    # in a process of its own: in this one pyHanko may be faster, and not as it is delivered
    program = f"{_CODE.findall(_PIECES[0])[0]}\n{code}"
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("heading", REPORTS)
@pytest.mark.parametrize("part", ["What happens", "Expected", "Why it matters", "Suggested mend"])
def test_a_report_is_whole(heading: str, part: str) -> None:
    assert f"**{part}.**" in REPORTS[heading]


@pytest.mark.parametrize("name", ["pyhanko", "pyhanko-certvalidator"])
def test_the_reports_name_the_installed_version(name: str) -> None:
    assert version(name) in TEXT
