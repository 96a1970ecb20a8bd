"""Who speaks in a spreadsheet: the agency and the CloudEvents source of its events."""

from dataclasses import dataclass

from schemas.configuration import Directory, Source
from schemas.errors import Misconfigured

#: what stands for the ``*`` of a configured source
_LAST_STEP = "sheets"


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What the envelope of each event says of its origin."""

    agency: str
    source: str


def sender_of(directory: Directory, *, agency: str | None, source: str | None) -> Sender:
    """The sender that was named, or the only one that the directory has.

    Raises ``Misconfigured`` where there are several, or where the named one may not speak.
    """
    code = agency or _only([entry.code for entry in directory.agencies], "--agency")
    if directory.agency(code) is None:
        known = ", ".join(entry.code for entry in directory.agencies)
        raise Misconfigured(
            f"--agency {code}：已配置的有 {known}", f"--agency {code}: the directory has {known}"
        )
    entries = [entry for entry in directory.sources if code in entry.agencies]
    named = source or _only([_concrete(entry) for entry in entries], "--source")
    speaker = directory.source_of(named)
    if speaker is None or code not in speaker.agencies:
        known = ", ".join(entry.source for entry in entries) or "–"
        raise Misconfigured(
            f"--source {named} 无权处理 {code} 的案件；有权的：{known}",
            f"--source {named} may not speak for {code}; who may: {known}",
        )
    return Sender(agency=code, source=named)


def _concrete(entry: Source) -> str:
    return entry.source[:-1] + _LAST_STEP if entry.source.endswith("*") else entry.source


def _only(names: list[str], option: str) -> str:
    if len(names) != 1:
        raise Misconfigured(
            f"请用 {option} 指明一个：{', '.join(names) or '（没有）'}",
            f"name one with {option}: {', '.join(names) or 'there is none'}",
        )
    return names[0]
