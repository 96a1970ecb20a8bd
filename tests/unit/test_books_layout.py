"""Rows as lines: what is read whole stays whole, whatever the width."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from books.layout import PAGE, Heading, tab_separated, table, wrap
from books.writers.terminal import PipeWriter, TerminalWriter
from tests.building.books import book, case_row, number, written

#: of a case: numbers, dates and amounts that a reader takes as one
WHOLE = [
    "430111-2026-000017",
    "3465.30",
    "1465.30",
    "2000.00",
    "2026-03-05",
    *(f"{number(seq)}（作废）" for seq in range(1, 6)),
]
HEADINGS = [Heading(text="文号"), Heading(text="金额", right=True), Heading(text="事由")]


def shown(width: int) -> str:
    documents = [
        {"number": number(seq), "kind": "recovery_notice", "state": "void"} for seq in range(1, 6)
    ]
    return written(TerminalWriter(width), book(case_row(documents=documents))).decode()


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120, 160, 200])
def test_numbers_dates_and_amounts_are_whole_at_any_width(width: int) -> None:
    text = shown(width)
    assert [value for value in WHOLE if value not in text] == []
    assert [line for line in text.splitlines()[1:] if cell_len(line) > max(width, 40)] == []


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_a_row_too_wide_for_the_terminal_is_a_record_with_its_labels(width: int) -> None:
    lines = shown(width).splitlines()
    assert re.search(r"^多领金额 +3465\.30$", "\n".join(lines), re.MULTILINE)
    assert not any(line.startswith("──") for line in lines)


def test_a_wide_terminal_shows_a_table_with_amounts_below_each_other() -> None:
    rows = [["a", "1.00", ""], ["b", "1000.00", ""]]
    _, _, _, first, second = table("", HEADINGS, rows, width=80)
    assert first.index("1.00") + len("1.00") == second.index("1000.00") + len("1000.00")


def test_sums_stand_at_the_end_of_a_terminals_table_and_in_no_pipe() -> None:
    made = book(case_row(), case_row(case_no="430111-2026-000018"))
    assert "合计 2 件" in written(TerminalWriter(250), made).decode().splitlines()[-1]
    assert "6930.60" in written(TerminalWriter(250), made).decode().splitlines()[-1]
    lines = written(PipeWriter(), made).decode().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["430111-2026-000017", "430111-2026-000018"]


def test_widths_are_those_of_a_first_page_and_no_more_is_held() -> None:
    taken = 0

    def rows() -> Iterator[list[str]]:
        nonlocal taken
        for taken in range(1, 3 * PAGE + 1):
            yield [str(taken), "1.00", "x"]
        yield ["9" * 60, "1.00", "x"]

    lines = table("", HEADINGS, rows(), width=80)
    assert [next(lines) for _ in range(4)][3].split() == ["1", "1.00", "x"]
    assert taken == PAGE
    assert [*lines][-1].split()[0] == "9" * 60


@given(st.lists(st.text(max_size=60), min_size=3, max_size=3), st.integers(10, 120))
def test_nothing_of_a_cell_is_lost_but_blanks(cells: list[str], width: int) -> None:
    (line,) = tab_separated([cells])
    assert line.count("\t") == 2
    text = "".join("".join(piece for piece in wrap(cell, width)) for cell in cells)
    expected = "".join(
        wrap(cell, 10**6)[0] if "\n" not in cell else "".join(wrap(cell, 10**6)) for cell in cells
    )
    assert "".join(text.split()) == "".join(expected.split())


@given(
    st.lists(st.sampled_from([*WHOLE, "当事人", "receipt", "，", "。", " "]), max_size=12),
    st.integers(1, 80),
)
def test_a_unit_is_never_broken(parts: list[str], width: int) -> None:
    text = " ".join(parts)
    lines = "\n".join(wrap(text, width))
    assert [part for part in parts if part in WHOLE and part not in lines] == []


def test_chinese_text_is_wrapped_and_no_line_begins_with_its_punctuation() -> None:
    lines = wrap("当事人已去世，其近亲属尚未领取丧葬补助金，须先行抵扣。", 14)
    assert len(lines) > 3
    assert [line for line in lines if line[0] in "，。" or cell_len(line) > 16] == []
