"""Numbers of persons as a letter to somebody else may show them."""

from schemas.people import IdType

#: stands for what is hidden; of fixed length, so that it does not tell the number's
_HIDDEN = "********"
#: a shorter number would be told whole by its first and last two characters
_SHORTEST_WITH_BOTH_ENDS = 8


def masked_id(id_type: IdType, number: str) -> str:
    """``number`` with its middle hidden: first 6 and last 4 of a resident's, else 2 and 2.

    Of a number under 8 characters only the first is shown.
    """
    if id_type is IdType.RESIDENT_ID:
        return f"{number[:6]}{_HIDDEN}{number[-4:]}"
    if len(number) < _SHORTEST_WITH_BOTH_ENDS:
        return f"{number[:1]}{_HIDDEN}"
    return f"{number[:2]}{_HIDDEN}{number[-2:]}"
