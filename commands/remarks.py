"""What is wrong with, or remarkable about, many events: equal remarks are one, and counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from commands.language import say
from schemas.codes import Problem

#: remarks of a kind that are kept whole; more are only counted
KEPT = 10
#: kinds that are told apart by where in the event they are; then by code alone
_MOST_KINDS = 200
_INDEX = re.compile(r"/\d+(?=/|$)")


@dataclass(kw_only=True)
class RemarkGroup:
    """Remarks with the same code about the same member of an event."""

    #: the first of them: where the event stands, and what is remarked
    first: list[tuple[str, Problem]] = field(default_factory=list)
    count: int = 0

    def lines(self) -> Iterator[str]:
        """A sentence for each of the first, and one with how many more there are."""
        yield from (_line(where, problem) for where, problem in self.first)
        if self.count > len(self.first):
            more, code = self.count - len(self.first), self.first[0][1].code
            yield say(f"另有 {more:,} 处同样的问题 [{code}]", f"{more:,} more of the same [{code}]")

    def line(self) -> str:
        """One sentence about all of them."""
        sentence = _line(*self.first[0])
        if self.count == 1:
            return sentence
        listed = [where for where, _ in self.first[:3]]
        more = "……" if self.count > len(listed) else ""
        return sentence + say(
            f"（同样的共 {self.count:,} 处：{'、'.join(listed)}{more}）",
            f" ({self.count:,} of the same: {', '.join(listed)}{more})",
        )

    def row(self) -> dict[str, Any]:
        """The group for programs."""
        problem = self.first[0][1]
        return {
            "pointer": problem.pointer,
            "code": problem.code,
            "message": problem.message,
            "message_en": problem.message_en,
            "count": self.count,
            "first": [where for where, _ in self.first],
        }


class Remarks:
    """Remarks on any number of events, in bounded memory."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], RemarkGroup] = {}

    def add(self, where: str, problem: Problem) -> None:
        """``problem`` was found at ``where``: a file, or file:line."""
        member = _INDEX.sub("/*", problem.pointer)
        key = (problem.code, member)
        if key not in self._groups and len(self._groups) >= _MOST_KINDS:
            key = (problem.code, "")
        group = self._groups.setdefault(key, RemarkGroup())
        group.count += 1
        if len(group.first) < KEPT:
            group.first.append((where, problem))

    def __bool__(self) -> bool:
        return bool(self._groups)

    @property
    def groups(self) -> list[RemarkGroup]:
        """The groups, in the order of their first remarks."""
        return list(self._groups.values())


def _line(where: str, problem: Problem) -> str:
    sentence = say(problem.message, problem.message_en)
    return f"{where} {problem.pointer or '/'} [{problem.code}] {sentence}"
