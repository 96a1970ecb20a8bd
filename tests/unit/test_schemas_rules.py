"""The rules between members of an event, and the warnings."""

from datetime import date
from typing import Any

import pytest

from schemas.parsing import parse
from tests.building.events import CARD, benefit, card
from tests.building.messages import GONE, faults_of, raw, warnings_of

OTHER_CARD = "6222021901000123453"
REPAYMENT = "/data/repayment"
INSTALMENTS = {
    "method": "installments",
    "periods": 4,
    "per_period": "900.00",
    "from": "2026-05",
    "to": "2026-08",
}
DEDUCTION = {
    "method": "monthly_deduction",
    "per_month": "900.00",
    "from": "2026-05",
    "to": "2026-08",
}


def plan(plain: dict[str, Any], **changes: object) -> list[tuple[str, str]]:
    """What is wrong with a plan for 3465.30 of a party who lives."""
    chosen = plain | {name.rstrip("_"): value for name, value in changes.items()}
    return faults_of("01", {REPAYMENT: chosen, "/data/party/died_on": None})


def test_a_period_does_not_end_before_it_starts() -> None:
    changes = {"/data/overpayments/0/to": "2024-11"}
    assert faults_of("01", changes) == [("/data/overpayments/0/to", "period_reversed")]


def test_a_period_of_one_month_is_one() -> None:
    assert faults_of("01", {"/data/overpayments/0/to": "2024-12"}) == []


def test_no_benefit_period_lies_before_1951() -> None:
    assert faults_of("01", {"/data/overpayments/0/from": "1950-12"}) == [
        ("/data/overpayments/0/from", "period_before_1951")
    ]
    assert faults_of("01", {"/data/overpayments/0/from": "1951-01"}) == []


def test_an_overpayment_names_one_of_the_cards() -> None:
    where = "/data/overpayments/0/paid_to"
    assert faults_of("01", {where: OTHER_CARD}) == [(where, "paid_to_not_a_card")]


def test_a_card_stands_once() -> None:
    changes = {"/data/benefit_cards/-": card(CARD, "102551000029")}
    assert faults_of("01", changes) == [("/data/benefit_cards/1/account_number", "card_repeated")]


def test_the_sum_of_the_overpayments_has_a_limit_too() -> None:
    huge = [benefit("600000000000.00"), benefit("600000000000.00")]
    changes = {"/data/overpayments": huge, REPAYMENT: None}
    assert faults_of("01", changes) == [("/data/overpayments", "amount_too_large")]


@pytest.mark.parametrize("gone", [None, GONE])
def test_a_stop_letter_needs_its_day(gone: object) -> None:
    changes = {"/data/stop_from": gone, "/data/notify": []}
    assert faults_of("01", changes) == [("/data/stop_from", "stop_from_required")]


def test_a_suspension_notice_needs_its_day() -> None:
    changes = {"/data/stop_from": None, "/data/overpayments/0/still_paid": False}
    assert faults_of("01", changes) == [("/data/stop_from", "stop_from_required")]


@pytest.mark.parametrize(
    "changes",
    [
        {"/data/overpayments/0/entitlement_lost": False},
        {"/data/overpayments/0/still_paid": False, "/data/notify": []},
        {"/data/overpayments/0/paid_to": None, "/data/notify": []},
    ],
)
def test_where_neither_is_due_no_day_is_needed(changes: dict[str, Any]) -> None:
    assert faults_of("01", {"/data/stop_from": None, **changes}) == []


def test_a_lump_sum_is_the_total() -> None:
    where = f"{REPAYMENT}/amount"
    assert faults_of("01", {where: "3465.31"}) == [(where, "lump_sum_mismatch")]


def test_the_total_is_that_of_all_overpayments() -> None:
    changes = {"/data/overpayments/-": benefit("0.01"), f"{REPAYMENT}/amount": "3465.31"}
    assert faults_of("01", changes) == []


@pytest.mark.parametrize("plain", [INSTALMENTS, DEDUCTION])
def test_a_plan_that_pays_back_the_total_is_taken(plain: dict[str, Any]) -> None:
    assert plan(plain) == []


@pytest.mark.parametrize(
    ("rate", "fits"),
    [("866.32", False), ("866.33", True), ("1155.09", True), ("1155.10", False)],
)
def test_the_last_instalment_takes_the_rest_and_is_not_empty(rate: str, fits: bool) -> None:  # noqa: FBT001
    # 3465.30 over four months: (n - 1) x rate < total <= n x rate
    of_periods = [] if fits else [(f"{REPAYMENT}/per_period", "rate_mismatch")]
    of_months = [] if fits else [(f"{REPAYMENT}/per_month", "rate_mismatch")]
    assert plan(INSTALMENTS, per_period=rate) == of_periods
    assert plan(DEDUCTION, per_month=rate) == of_months


def test_three_months_short_of_a_third_are_too_many() -> None:
    # 3 x 1155.10 = 3465.30 exactly, so a fourth month would have nothing to pay
    assert plan(DEDUCTION, per_month="1155.10", to="2026-07") == []


def test_instalments_are_as_many_as_the_months() -> None:
    assert plan(INSTALMENTS, periods=3) == [(f"{REPAYMENT}/periods", "periods_mismatch")]


@pytest.mark.parametrize(
    ("periods", "code"),
    [(0, "out_of_range"), (-1, "out_of_range"), (2.5, "wrong_type"), ("4", "wrong_type")],
)
def test_the_number_of_instalments_is_a_count(periods: object, code: str) -> None:
    assert (f"{REPAYMENT}/periods", code) in plan(INSTALMENTS, periods=periods)


def test_a_plan_does_not_end_before_it_starts() -> None:
    assert plan(DEDUCTION, to="2026-04") == [(f"{REPAYMENT}/to", "period_reversed")]


def test_nothing_is_deducted_from_the_benefit_of_the_dead() -> None:
    assert faults_of("01", {REPAYMENT: DEDUCTION}) == [
        (f"{REPAYMENT}/method", "deduction_from_dead")
    ]


def test_members_of_another_way_of_repayment_are_unknown() -> None:
    assert plan(DEDUCTION, periods=4) == [(f"{REPAYMENT}/periods", "unknown_field")]
    assert plan({"amount": "3465.30", "by": "2026-05"}) == [(f"{REPAYMENT}/method", "missing")]


def test_a_relative_has_a_relation_and_a_persons_name() -> None:
    changes = {"/data/notify/0/relation": GONE, "/data/notify/0/name": "刘3"}
    assert faults_of("01", changes) == [
        ("/data/notify/0/relation", "missing"),
        ("/data/notify/0/name", "name_characters"),
    ]


def test_a_community_has_no_relation_and_any_name() -> None:
    changes = {"/data/notify/1/relation": "社区", "/data/notify/1/name": "第3社区（东）"}
    assert faults_of("01", changes) == [("/data/notify/1/relation", "relation_unexpected")]


@pytest.mark.parametrize(
    "selector",
    [
        {"number": "稽（待遇）字〔2026〕第12号"},
        {"reference": "0199d1f0-7c3e-7c11-9a55-4f0a6b1c2d3e"},
        {"kind": "suspension_notice", "recipient": "刘晓云"},
        {"kind": "stop_payment_letter", "account_number": CARD},
        {"kind": "recovery_notice", "number": None},
    ],
)
def test_a_document_is_named_in_one_of_three_ways(selector: dict[str, Any]) -> None:
    assert faults_of("02", {"/data/document": selector}) == []


@pytest.mark.parametrize(
    "selector",
    [
        {},
        {"kind": "recovery_notice", "reference": "x"},
        {"account_number": CARD},
        {"reference": "x", "account_number": CARD},
        {"kind": None},
    ],
)
def test_a_document_is_not_named_otherwise(selector: dict[str, Any]) -> None:
    assert faults_of("02", {"/data/document": selector}) == [("/data/document", "selector_shape")]


@pytest.mark.parametrize(
    "number", ["稽(待遇)字[2026]第12号", "稽（待遇）字〔2026〕第012号", "稽（待遇）字〔2026〕12号"]
)
def test_a_number_is_written_as_it_is_printed(number: str) -> None:
    assert faults_of("02", {"/data/document": {"number": number}}) == [
        ("/data/document/number", "document_number_format")
    ]


def test_a_receipt_says_when_it_was_executed_and_only_then() -> None:
    where = "/data/executed_at"
    assert faults_of("03", {where: None}) == [(where, "executed_at_required")]
    assert faults_of("03", {"/data/result": "refused"}) == [(where, "executed_at_unexpected")]
    assert faults_of("03", {"/data/result": "refused", where: GONE}) == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    changes = {
        "/subject": "another",
        "/data/party/name": "刘3",
        "/data/party/id_number": "430111194512032713",
        "/data/overpayments/0/reason": 7,
        "/data/overpayments/0/to": "2024-11",
        "/data/overpayments/0/paid_to": OTHER_CARD,
        "/data/repayment/amount": "1.00",
        "/data/stop_from": None,
        "/data/hander": {},
    }
    assert set(faults_of("01", changes)) == {
        ("/subject", "subject_mismatch"),
        ("/data/party/name", "name_characters"),
        ("/data/party/id_number", "id_number_check"),
        ("/data/overpayments/0/reason", "wrong_type"),
        ("/data/overpayments/0/to", "period_reversed"),
        ("/data/overpayments/0/paid_to", "paid_to_not_a_card"),
        ("/data/repayment/amount", "lump_sum_mismatch"),
        ("/data/stop_from", "stop_from_required"),
        ("/data/hander", "unknown_field"),
    }


def test_a_sum_that_cannot_be_known_is_not_complained_about() -> None:
    assert faults_of("01", {"/data/overpayments/0/amount": 3465.3}) == [
        ("/data/overpayments/0/amount", "amount_not_string")
    ]


def test_a_card_that_fails_luhn_is_remarked_and_accepted() -> None:
    wrong = "6228481123456789013"
    changes = {"/data/benefit_cards/0/account_number": wrong, "/data/overpayments/0/paid_to": wrong}
    assert warnings_of("01", changes) == [("/data/benefit_cards/0/account_number", "luhn")]
    passbook = {**changes, "/data/benefit_cards/0/account_type": "passbook"}
    assert warnings_of("01", passbook) == []


def test_a_deadline_before_the_event_is_remarked() -> None:
    assert warnings_of("04", {"/data/deadline": "2026-06-01"}) == [
        ("/data/deadline", "deadline_past")
    ]
    assert warnings_of("04", {"/data/deadline": "2026-06-02"}) == []
    assert warnings_of("01", {"/data/repayment/by": "2026-02"}) == [
        ("/data/repayment/by", "deadline_past")
    ]


def test_deadlines_are_compared_with_today_where_that_is_told() -> None:
    later = parse(raw("04"), today=date(2026, 7, 16))
    assert [warning.code for warning in later.warnings] == ["deadline_past"]
    assert parse(raw("04"), today=date(2026, 7, 15)).warnings == ()


def test_the_day_of_an_event_is_that_of_shanghai() -> None:
    changes = {"/data/deadline": "2026-06-02", "/time": "2026-06-02T16:30:00Z"}
    assert warnings_of("04", changes) == [("/data/deadline", "deadline_past")]


def test_an_overpayment_that_starts_before_death_is_remarked() -> None:
    where = "/data/overpayments/0/from"
    assert warnings_of("01", {where: "2024-10"}) == [(where, "overpaid_before_death")]
    assert warnings_of("01", {where: "2024-11"}) == [(where, "overpaid_before_death")]
    assert warnings_of("01", {where: "2024-11", "/data/party/died_on": "2024-11-01"}) == []


def test_a_basis_near_its_end_is_remarked() -> None:
    assert warnings_of("05", {"/time": "2027-02-17T10:00:00+08:00"}) == []
    assert warnings_of("05", {"/time": "2027-02-18T10:00:00+08:00"}) == [("/time", "basis_ending")]


@pytest.mark.parametrize("day", ["2026-06-18", "2023-06-19"])
def test_money_is_not_deposited_before_it_came(day: str) -> None:
    found = faults_of("05", {"/data/deposited_on": day})
    assert found == [("/data/deposited_on", "deposited_before_received")]
    assert faults_of("05", {"/data/deposited_on": "2026-06-19"}) == []


def test_a_benefit_that_is_paid_once_is_deducted_from_in_one_month_and_by_no_share() -> None:
    once = {"/data/benefit": "丧葬补助金", "/data/monthly_benefit": "20000.00"}
    assert faults_of("31", once) == [("/data/to", "paid_once")]
    once |= {"/data/to": "2026-09", "/data/total": "900.00", "/data/basis": "notice"}
    assert faults_of("31", once) == []
    assert warnings_of("31", once | {"/data/basis": "agreed"}) == []


def test_a_day_to_sign_on_that_has_not_come_is_remarked() -> None:
    ahead = [("/data/signed_on", "signed_ahead")]
    assert warnings_of("32", {"/data/signed_on": "2026-04-16"}) == ahead
    assert warnings_of("31", {"/data/signed_on": "2026-04-11"}) == ahead
    assert warnings_of("32", {}) == warnings_of("31", {"/data/signed_on": "2026-04-10"}) == []


def test_a_benefit_still_paid_to_an_unknown_card_is_remarked() -> None:
    where = "/data/overpayments/0/paid_to"
    assert warnings_of("01", {where: None}) == [(where, "paid_to_unknown")]
    assert warnings_of("01", {where: None, "/data/overpayments/0/still_paid": False}) == []


def test_no_more_is_deducted_than_is_paid() -> None:
    monthly = {"/data/monthly_benefit": "899.99"}
    assert ("/data/per_month", "above_monthly") in faults_of("31", monthly)
    assert faults_of("31", {"/data/monthly_benefit": "900.00"}) == []


@pytest.mark.parametrize("name", ["41", "42"])
@pytest.mark.parametrize("reason", [None, GONE])
def test_an_order_without_a_reason_is_accepted_with_a_warning(name: str, reason: object) -> None:
    assert faults_of(name, {"/data/reason": reason}) == []
    assert ("/data/reason", "reason_missing") in warnings_of(name, {"/data/reason": reason})
