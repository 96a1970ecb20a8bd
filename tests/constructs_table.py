"""``python -m tests.constructs_table``: constructs of a template and who makes them, on stdout."""

import sys

from tests.building.constructs import CONSTRUCTS, Construct


def table() -> str:
    """A row for each construct that a test tries, as Markdown."""
    rows = [
        "| 写法 construct | Typst | LibreOffice | 所报名称 named by lint |",
        "|---|---|---|---|",
    ]
    rows += [
        f"| {each.name} {each.name_en} | {'–' if each.refused else '✓'} |"
        f" {'–' if each.forbidden else '✓'} |{_named(each)}|"
        for each in CONSTRUCTS
    ]
    return "\n".join(rows) + "\n"


def _named(construct: Construct) -> str:
    if construct.forbidden:
        return f" refused, `{construct.forbidden}` "
    return f" `{construct.refused}` " if construct.refused else " "


if __name__ == "__main__":
    sys.stdout.write(table())
