"""docs/codes.md: the table of codes as people read it."""

from schemas.code import Code
from schemas.codes import CODES

_HEAD = """# Codes 代码表

What can be wrong with an event, or with the making of a document. A code never changes its
meaning. Braces stand for values; personal values are masked. This page is made by
`python -m schemas.jsonschema` from the table in `schemas/`.
"""


def codes_page() -> str:
    """The page's text, Markdown: errors first, then the warnings that do not reject."""
    errors = [row for row in CODES.values() if not row.warning]
    warnings = [row for row in CODES.values() if row.warning]
    return "\n".join(
        [
            _HEAD,
            "## Errors 错误\n",
            *_rows(errors),
            "\n## Warnings 提示\n\nKept with the event and shown; they do not reject.\n",
            *_rows(warnings),
            "",
        ]
    )


def _rows(codes: list[Code]) -> list[str]:
    return [
        "| code | where | meaning | 中文 | English |",
        "|---|---|---|---|---|",
        *(
            f"| `{row.name}` | {_cell(row.where)} | {_cell(row.meaning)} | {_cell(row.zh)} "
            f"| {_cell(row.en)} |"
            for row in codes
        ),
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")
