"""A bank's answer to a letter that it knows by reference or number alone, not by its case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.errors import Invalid
from schemas.reading import SIZE_LIMIT, read_json

#: the type of a bank's answer
RECEIPT = "hanyin.letter.receipted.v1"
#: stands for a case that nothing here says; no case has such a number
UNNAMED = ("-", "-")


@dataclass(frozen=True, kw_only=True)
class NamedLetter:
    """The letter that an answer names, as it names it; what it does not say is None."""

    reference: str | None
    number: str | None
    bank_code: str | None


def letter_named_in(raw: bytes, *, size_limit: int = SIZE_LIMIT) -> NamedLetter | None:
    """The letter of an answer that leaves its case out; None for every other message."""
    try:
        message, _ = read_json(raw, size_limit=size_limit)
    except Invalid:
        return None
    if not leaves_case_out(message):
        return None
    data = message["data"]
    named = {name: _text(data["document"].get(name)) for name in ("reference", "number")}
    return NamedLetter(**named, bank_code=_text(data.get("bank_code")))


def leaves_case_out(message: Any) -> bool:
    """Whether it is an answer without its case, to a letter named by reference or number."""
    if not isinstance(message, dict) or message.get("type") != RECEIPT:
        return False
    data = message.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("document"), dict):
        return False
    named = {name for name, value in data["document"].items() if value is not None}
    return not {"case_no", "agency"} <= data.keys() and bool(named & {"reference", "number"})


def with_case(message: Mapping[str, Any], agency: str, case_no: str) -> dict[str, Any]:
    """The answer as it would say it itself; what it says already stands."""
    data = {"agency": agency, "case_no": case_no, **message["data"]}
    return {"subject": data["case_no"], **message, "data": data}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
