"""The foot of a letter: names in one line or two, dates of three widths."""

import pytest

from cases.letters.signature import dated, signed

#: characters that fit centred on a date with four characters' room, and in a line at all
NARROW, LINE = 14, 20


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("长沙市社会保险中心", ("长沙市社会保险中心", "")),
        ("长沙市雨花区社会保险服务中心", ("长沙市雨花区社会保险服务中心", "")),
        ("长沙市雨花区社会保险（就业）服务中心", ("长沙市雨花区", "社会保险（就业）服务中心")),
        (
            "长沙市雨花区社会保险（就业）服务中心（盖章）",
            ("长沙市雨花区社会保险（就业）", "服务中心（盖章）"),
        ),
        ("湖南省长沙市人力资源和社会保障局", ("湖南省长沙市", "人力资源和社会保障局")),
    ],
)
def test_a_long_name_is_broken_behind_a_place(name: str, lines: tuple[str, str]) -> None:
    made = signed(name)
    assert (made["signature"], made["signature_rest"]) == lines
    assert made["signature_wide"] is False


@pytest.mark.parametrize("length", range(1, 41))
def test_a_name_is_printed_whole_in_two_lines_at_most(length: int) -> None:
    name = ("中" * 40)[:length]
    made = signed(name)
    first, rest = str(made["signature"]), str(made["signature_rest"])
    assert first + rest == name
    assert max(len(first), len(rest)) <= LINE
    assert len(rest) != 1
    assert made["signature_wide"] is (max(len(first), len(rest)) > NARROW)


@pytest.mark.parametrize(
    ("date", "short", "long"),
    [
        ("2026年3月5日", True, False),
        ("2026年11月5日", False, False),
        ("2026年11月15日", False, True),
    ],
)
def test_a_date_has_one_of_three_widths(date: str, *, short: bool, long: bool) -> None:
    assert dated(date) == {"date_short": short, "date_long": long}
