"""Every error of the product.

::

    HanyinError
    ├── Invalid              the input is wrong: reject it, with the reasons
    ├── Unavailable          something outside is away: try again later
    ├── AlreadyDone          the effect is there: acknowledge
    ├── Misconfigured        a setting, key or template is wrong: an operator must act
    ├── ProductionFailed     this document cannot be made as it stands: set aside, alarm
    ├── CannotSeal           one agency cannot seal now: its letters wait with their numbers
    ├── DigestMismatch       the archive holds other bytes than were sealed: alarm, change nothing
    ├── ObjectMissing        the archive lacks an object that it should hold: alarm
    ├── WrongLetter          the ledger names another letter's object: alarm, hand out nothing
    └── ClaimLost            somebody else holds the work now: drop it without a word

The class decides what becomes of a message; no caller reads the text of an error.
"""

from collections.abc import Iterable
from typing import Self

from schemas.codes import Problem
from schemas.sentence import BilingualError, Sentence


class HanyinError(BilingualError):
    """The root: catch it at an entry point, nowhere else; its text is in both languages."""


class Invalid(HanyinError):
    """The input breaks rules; ``problems`` names each one, never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        if not self.problems:
            raise ValueError("Invalid needs at least one problem")
        said = Sentence.joined(problem.sentence for problem in self.problems)
        super().__init__(said.zh, said.en)

    def __str__(self) -> str:
        # for a log: no value of the input
        return "; ".join(f"{p.pointer} {p.code}" for p in self.problems)


class Unavailable(HanyinError):
    """A server, store, key or time stamp authority did not answer; the work may be tried again."""


class AlreadyDone(HanyinError):
    """What was asked for has happened before; nothing was changed."""


class Misconfigured(HanyinError):
    """A setting is missing or wrong; the message names the setting, the value and what to do."""

    @classmethod
    def of(cls, faults: Iterable[Sentence]) -> Self:
        """The error that names each fault."""
        said = Sentence.joined(faults)
        return cls(said.zh, said.en)


class ProductionFailed(HanyinError):
    """One document cannot be made: ``code`` is of ``schemas.codes``.

    ``final`` is true where trying again without a change cannot help (a missing glyph),
    false where it might (the converter crashed).
    """

    def __init__(self, code: str, *, final: bool, **values: object) -> None:
        self.problem = Problem.of("", code, **values)
        self.final = final
        super().__init__(self.problem.message, self.problem.message_en)


class CannotSeal(HanyinError):
    """An agency's key, certificate, seal or time stamp servers do not serve now.

    Its letters wait with their numbers, no attempt is counted, other agencies' go on; when the
    key is good again they are sealed by themselves.
    """

    def __init__(self, agency: str, problem: Problem) -> None:
        self.agency = agency
        self.problem = problem
        super().__init__(
            f"经办机构 {agency}：{problem.message}", f"agency {agency}: {problem.message_en}"
        )


class DigestMismatch(HanyinError):
    """Bytes and digest do not belong together; it is never a choice which of them is right."""

    def __init__(self, key: str, *, expected: str, found: str) -> None:
        self.key = key
        self.expected = expected
        self.found = found
        super().__init__(
            f"{key} 的 SHA-256 是 {found}，应为 {expected}",
            f"{key} holds bytes with SHA-256 {found} where {expected} was expected",
        )


class ObjectMissing(HanyinError):
    """The archive answered, and it has no such object (or not this version of it)."""

    def __init__(self, key: str, version_id: str | None = None) -> None:
        self.key = key
        self.version_id = version_id
        version = f" in version {version_id}" if version_id else ""
        version_zh = f"（版本 {version_id}）" if version_id else ""
        super().__init__(
            f"归档库中没有对象 {key}{version_zh}", f"the archive has no object {key}{version}"
        )


class WrongLetter(HanyinError):
    """What the ledger names as a number's object is not that number's; ``problem`` says why."""

    def __init__(self, number: str, found: str) -> None:
        self.problem = Problem.of("", "letter_not_its_own", number=number, found=found)
        super().__init__(self.problem.message, self.problem.message_en)


class ClaimLost(HanyinError):
    """The claim on a ledger row has passed to another worker; what this one made is not used."""
