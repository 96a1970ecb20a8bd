"""``python -m tests.differences_table``: kinds of differences and who is fooled, on stdout.

Each kind's rules are off; of its files those count that are called genuine then, although a reader
shows something else than was sealed.
"""

import logging
import sys

from tests.building.forging.measuring import measured
from tests.building.forging.readers import readers
from tests.building.forging.rules import KINDS

_SEEDS = range(100)


def main() -> None:
    """A row for each kind stands on stdout, as Markdown."""
    logging.disable(logging.CRITICAL)
    out = ["| kind, its rules off | files | taken | in spite of the second opinion | fooled |"]
    out.append("|---|---|---|---|---|")
    with readers() as asked:
        for kind in KINDS:
            found = measured(kind, _SEEDS, asked)
            names = ", ".join(f"{name} {count}" for name, count in found.fooled.most_common())
            row = (kind, found.files, found.taken, found.taken_in_spite_of_opinion, names)
            out.append("| " + " | ".join(map(str, row)) + " |")
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
