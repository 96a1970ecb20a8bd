"""The foot of a letter: the agency's name, centred on the date (GB/T 9704-2012, 7.3.5.1)."""

import re

#: what a letter prints of it
Signature = dict[str, str | bool]

#: full-width characters of a line that is centred on a date with four characters' room at its right
_NARROW = 14
#: where the name of an agency can be broken: behind a place, a bureau
_AFTER = re.compile(r"[省市州盟区县旗局厅]")
#: characters of a date in figures of which month or day, or both, have one
_SHORT_DATE, _MIDDLE_DATE = 9, 10


def signed(name: str) -> Signature:
    """``name`` in one line or two, and whether they are too long for where the date stands."""
    first, rest = _halves(name) if len(name) > _NARROW else (name, "")
    wide = max(len(first), len(rest)) > _NARROW
    return {"signature": first, "signature_rest": rest, "signature_wide": wide}


def dated(issued_on: str) -> Signature:
    """How wide the date of issue is, which ``signed`` names stand centred on."""
    width = len(issued_on)
    return {"date_short": width <= _SHORT_DATE, "date_long": width > _MIDDLE_DATE}


def _halves(name: str) -> tuple[str, str]:
    """Two lines: broken behind a place where that leaves both short enough, else in the middle."""
    limit = max(_NARROW, (len(name) + 1) // 2)
    ends = [found.end() for found in _AFTER.finditer(name)]
    fitting = [end for end in ends if end <= limit and 1 < len(name) - end <= limit]
    middle = len(name) / 2
    cut = min(fitting, key=lambda end: abs(end - middle), default=(len(name) + 1) // 2)
    return name[:cut], name[cut:]
