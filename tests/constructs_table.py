"""``python -m tests.constructs_table``: constructs of a template and who makes them, on stdout."""

import sys

from tests.building.constructs import CONSTRUCTS


def table() -> str:
    """A row for each construct that a test tries, as Markdown."""
    rows = [
        "| 写法 construct | Typst | LibreOffice | 须改写的名称 named by lint |",
        "|---|---|---|---|",
    ]
    rows += [
        f"| {each.name} {each.name_en} | {'–' if each.refused else '✓'} | ✓ |"
        f" {f'`{each.refused}`' if each.refused else ''} |"
        for each in CONSTRUCTS
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
