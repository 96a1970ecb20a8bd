"""The recovery notice: which blanks are filled, and with what."""

from typing import Any

import pytest

from cases.letters import Data, recovery_notice
from tests.building.events import facts_of, from_example
from tests.building.paper import AGENCY

TICKED, EMPTY = "☑", "☐"


def notice(name: str = "01", **changes: Any) -> Data:
    return recovery_notice(facts_of(from_example(name, **changes)), AGENCY)


def is_blank(value: str) -> bool:
    return value != "" and not value.strip()


def test_the_lump_sum_is_ticked_and_filled_and_the_other_ways_stay_blank() -> None:
    data = notice()
    assert [data[f"{way}_mark"] for way in ("lump", "installments", "monthly")] == [
        TICKED,
        EMPTY,
        EMPTY,
    ]
    assert (data["lump_amount"], data["lump_words"]) == ("3465.30", "叁仟肆佰陆拾伍元叁角")
    assert (data["lump_by_year"], data["lump_by_month"]) == ("2026", "5")
    assert is_blank(data["installments_amount"])
    assert is_blank(data["monthly_to_year"])
    assert data["choice"] == "一"


def test_the_words_bring_their_own_yuan_and_a_blank_keeps_the_printed_one() -> None:
    data = notice()
    assert data["lump_words_yuan"] == ""
    assert data["monthly_words_yuan"] == "元"


def test_instalments_say_how_many_and_from_when_to_when() -> None:
    data = notice(
        repayment={
            "method": "installments",
            "periods": 10,
            "per_period": "346.53",
            "from": "2026-04",
            "to": "2027-01",
        }
    )
    assert (data["installments_periods"], data["installments_amount"]) == ("10", "346.53")
    assert (data["installments_to_year"], data["installments_to_month"]) == ("2027", "1")
    assert data["choice"] == "二"


def test_a_way_that_nobody_chose_leaves_all_blanks_and_boxes_empty() -> None:
    data = notice("21")
    assert {data[f"{way}_mark"] for way in ("lump", "installments", "monthly")} == {EMPTY}
    assert is_blank(data["choice"])
    assert (data["promisor_name"], data["second_phone"]) == ("", "")


def test_several_overpayments_have_a_row_each_and_a_total() -> None:
    data = notice("11")
    assert [row["amount"] for row in data["overpayments"]] == ["2079.18元", "16409.02元"]
    assert data["several"] is True
    assert (data["total"], data["total_words"]) == ("18488.20元", "壹万捌仟肆佰捌拾捌元贰角")
    assert data["choice"] == "三"


def test_one_overpayment_has_no_total_row() -> None:
    assert notice()["several"] is False


def test_the_address_is_the_promisors_or_else_the_partys() -> None:
    assert notice()["address_community"] == "井湾子街道某某"
    assert notice("11")["address_line"] == "湖南省长沙市雨花区砂子塘街道某某路18号"


def test_the_second_line_of_the_promisor_is_filled_where_it_is_known() -> None:
    promisor = from_example("01").data.model_dump(mode="json")["promisor"]
    data = notice(promisor=promisor | {"second": {"phone": "138", "id_number": "X1"}})
    assert (data["second_phone"], data["second_id_number"]) == ("138", "X1")


@pytest.mark.parametrize("word", ["低保", "groups", "民政局", "MZ-2023-0311"])
def test_no_group_and_nobody_who_found_it_is_in_the_data(word: str) -> None:
    assert word not in str(notice())


@pytest.mark.parametrize(
    ("id_type", "printed"),
    [
        ("passport", "护照：E12345678"),
        ("hmt_travel_permit", "来往内地通行证：E12345678"),
        ("other", "其他证件：E12345678"),
    ],
)
def test_the_number_of_another_document_does_not_stand_as_a_resident_id(
    id_type: str, printed: str
) -> None:
    plain = from_example("01").data.model_dump(mode="json", by_alias=True)
    another = {"id_type": id_type, "id_number": "E12345678"}
    second = {"phone": "13900000018", "id_number": "E12345678"}
    data = notice(
        party=plain["party"] | another,
        promisor=plain["promisor"] | another | {"second": second},
    )
    names = ("party_id_number", "promisor_id_number", "second_id_number")
    assert [data[name] for name in names] == [printed] * 3


def test_who_has_no_number_has_none_under_any_name() -> None:
    plain = from_example("01").data.model_dump(mode="json", by_alias=True)
    data = notice(party=plain["party"] | {"id_type": "other", "id_number": "无"})
    assert data["party_id_number"] == "无"
