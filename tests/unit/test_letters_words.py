"""Dates, masks and addresses as letters print them."""

from datetime import date

import pytest

from cases.dates import chinese_date, chinese_month
from cases.letters.addresses import in_places, one_line
from cases.masking import masked_id
from schemas.months import Month
from schemas.people import Address, IdType


def test_a_date_has_no_leading_zeros() -> None:
    assert chinese_date(date(2026, 3, 5)) == "2026年3月5日"
    assert chinese_month(Month(2026, 12)) == "2026年12月"


@pytest.mark.parametrize(
    ("id_type", "number", "shown"),
    [
        (IdType.RESIDENT_ID, "430111194512032712", "430111********2712"),
        (IdType.RESIDENT_ID, "65010219560811501X", "650102********501X"),
        (IdType.PASSPORT, "E12345678", "E1********78"),
        (IdType.HMT_RESIDENCE_PERMIT, "810000199408230021", "81********21"),
        (IdType.OTHER, "A12", "A********"),
        (IdType.OTHER, "A1234567", "A1********67"),
    ],
)
def test_a_number_is_masked_by_its_kind(id_type: IdType, number: str, shown: str) -> None:
    assert masked_id(id_type, number) == shown


PARTS = Address(
    province="湖南省",
    city="长沙市",
    county="雨花区",
    town="跳马镇",
    community="某某小区",
    building="3",
    unit="2",
    room="501",
)


def test_a_word_that_the_form_prints_is_not_printed_twice() -> None:
    places = in_places(PARTS)
    assert (places["address_province"], places["address_city"]) == ("湖南", "长沙")
    assert (places["address_community"], places["address_room"]) == ("跳马镇某某", "501")
    assert places["address_line"] == ""


def test_the_county_stays_whole_unless_it_is_one() -> None:
    assert in_places(PARTS)["address_county"] == "雨花区"
    assert in_places(Address(county="长沙县"))["address_county"] == "长沙"


def test_parts_that_nobody_knows_and_the_places_of_a_string_stay_blank() -> None:
    only_city = in_places(Address(city="长沙市"))
    assert only_city["address_city"] == "长沙"
    assert only_city["address_province"].strip() == ""
    string = in_places("湖南省某某路18号")
    assert string["address_line"] == "湖南省某某路18号"
    assert all(not string[name].strip() for name in string if name != "address_line")


def test_an_address_in_parts_reads_as_one_line() -> None:
    assert one_line(PARTS) == "湖南省长沙市雨花区跳马镇某某小区3栋2单元501室"
    assert one_line(Address(building="3栋", room="甲")) == "3栋甲"
    assert one_line(None) == ""
