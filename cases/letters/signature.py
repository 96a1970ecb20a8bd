"""The foot of a letter: the agency's name, centred on the date (GB/T 9704-2012, 7.3.5.1)."""

#: what a letter prints of it
Signature = dict[str, str | bool]

#: full-width characters of a line that is centred on a date with four characters' room at its right
_NARROW = 14
#: where the name of an agency can be broken: behind a place, a bureau
_PLACES = "省市州盟区县旗局厅"
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
    """Two lines, broken behind a place or a bracket where both are short enough then."""
    limit = max(_NARROW, (len(name) + 1) // 2)
    cuts = [cut for cut in range(2, len(name) - 1) if cut <= limit and len(name) - cut <= limit]
    for fits in (_behind_a_place, _behind_a_bracket, _at_no_bracket):
        fitting = [cut for cut in cuts if fits(name, cut)]
        if fitting:
            cut = min(fitting, key=lambda each: abs(2 * each - len(name)))
            return name[:cut], name[cut:]
    middle = (len(name) + 1) // 2
    return name[:middle], name[middle:]


def _behind_a_place(name: str, cut: int) -> bool:
    return name[cut - 1] in _PLACES


def _behind_a_bracket(name: str, cut: int) -> bool:
    return name[cut - 1] == "）"


def _at_no_bracket(name: str, cut: int) -> bool:
    # a line that begins with a bracket does not look centred
    return name[cut] not in "（）" and name[cut - 1] != "（"
