"""``python -m tests.attacks_table``: the measured tables of docs/verification.md, on stdout."""

import logging
import sys
from collections import Counter, defaultdict

from signing.examination import examine
from tests.building.attacks.catalogue import catalogue
from tests.building.sealing import root


def main() -> None:
    """Each class with its files, verdicts and reasons stands on stdout, as Markdown."""
    logging.disable(logging.CRITICAL)
    words: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for attack in catalogue():
        verdict = examine(attack.make(), (root(),))
        words[attack.kind][verdict.word.value] += 1
        reasons[attack.kind].update(reason.code for reason in verdict.reasons)
    out = ["| attack | files | not genuine | genuine | told as |", "|---|---|---|---|---|"]
    for kind, found in words.items():
        told = ", ".join(f"`{code}` {count}" for code, count in reasons[kind].most_common())
        row = (kind, found.total(), found["not_genuine"], found["genuine"], told)
        out.append("| " + " | ".join(map(str, row)) + " |")
    every = sum(words.values(), Counter[str]())
    out.append(f"| all | {every.total()} | {every['not_genuine']} | {every['genuine']} | |")
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
