"""The alphabet of case numbers: two that look alike are the same.

Letters and digits of ASCII, ``-`` and ``/``, 〔〕 and （） (GB/T 9704-2012, 7.2.5), Han. So a
number has no blank at its ends or within, stands in its compatibility form (NFKC, but for the
parentheses, which Chinese text writes full width), and no letter of another script, full-width
digit or other dash stands for one of these. It is asked of new cases alone: those that are there
keep their numbers, and events for them go on.
"""

import re

from schemas import limits
from schemas.codes import Problem
from schemas.text import HAN_SIGNS, UNIFIED_HAN_RANGES

_SIGNS = "-/0-9A-Za-z〔〕（）"
_HAN = "".join(f"{chr(low)}-{chr(high)}" for low, high in UNIFIED_HAN_RANGES)
_CLASS = f"{_SIGNS}{HAN_SIGNS}{_HAN}"
_FOREIGN = re.compile(f"[^{_CLASS}]")
#: of the published schema
CASE_NO_PATTERN = f"^[{_CLASS}]{{1,{limits.CASE_NO}}}$"


def case_no_problem(case_no: str) -> Problem | None:
    """What is wrong with the number of a case that is to open; None where nothing is."""
    foreign = _FOREIGN.search(case_no)
    if foreign is None:
        return None
    character = f"U+{ord(foreign[0]):04X}"
    return Problem.of("/data/case_no", "case_no_characters", character=character)
