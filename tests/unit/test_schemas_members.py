"""Single members of an event: presence, form, numbers with a check."""

from typing import Any

import pytest
from stdnum.cn import ric

from schemas.errors import Invalid
from schemas.events import OverpaymentConfirmed
from schemas.parsing import parse
from tests.building.events import EXAMPLES, example
from tests.building.messages import GONE, faults_of, parsed, raw

CARRIED_OUT = ["01", "02", "03", "04", "05", "06", "11", "21", "24", "43"]
#: of each example, what may be null or left out (contract, "Codes and shapes")
OPTIONAL = {
    "01": [
        "/data/party/died_on",
        "/data/party/phone",
        "/data/party/address",
        "/data/party/groups/0/issuer",
        "/data/party/groups/0/document",
        "/data/party/groups/0/date",
        "/data/overpayments/0/reason",
        "/data/promisor",
        "/data/repayment",
    ],
    "02": ["/data/servers", "/data/witnesses"],
    "03": ["/data/balance", "/data/reason", "/data/clerk"],
    "04": ["/data/addressee", "/data/auditors"],
    "05": ["/data/deposited_on", "/data/still_qualified"],
    "21": ["/data/stop_from"],
    "43": ["/data/reason"],
}
#: needed there by a rule of its own, so the code is another
CONDITIONAL = {"/data/stop_from", "/data/executed_at"}


def pointers(value: Any, where: str = "") -> list[str]:
    if isinstance(value, list):
        return [p for i, entry in enumerate(value) for p in pointers(entry, f"{where}/{i}")]
    if not isinstance(value, dict):
        return []
    own = [f"{where}/{name}" for name in value]
    return own + [p for name in value for p in pointers(value[name], f"{where}/{name}")]


def members(name: str) -> list[str]:
    document = example(name)
    return [p for p in pointers(document["data"], "/data") if "/address/" not in p]


OPTIONAL_MEMBERS = [(name, where) for name, places in OPTIONAL.items() for where in places]
REQUIRED_MEMBERS = [
    (name, where)
    for name in CARRIED_OUT
    for where in members(name)
    if not any(where == place for places in OPTIONAL.values() for place in places)
    and where not in CONDITIONAL
    and not where.startswith("/data/document/")
    and not where.startswith("/data/party/groups/0/")
    and not (where.startswith("/data/overpayments/") and where.endswith("/reason"))
]


@pytest.mark.parametrize("name", CARRIED_OUT)
def test_the_examples_of_the_contract_are_valid_as_they_stand(name: str) -> None:
    (path,) = EXAMPLES.glob(f"{name}*.json")
    assert parse(path.read_bytes()).warnings == ()


@pytest.mark.parametrize("name", CARRIED_OUT)
def test_data_survive_the_ledger(name: str) -> None:
    data = parsed(name).event.data
    kept = data.model_dump(mode="json", by_alias=True)
    assert type(data).model_validate(kept) == data
    assert data.model_dump(mode="json", exclude_unset=True) == example(name)["data"]


@pytest.mark.parametrize(("name", "where"), OPTIONAL_MEMBERS)
@pytest.mark.parametrize("value", [None, GONE])
def test_what_may_be_null_may_be_left_out_too(name: str, where: str, value: object) -> None:
    assert faults_of(name, {where: value}) == []


@pytest.mark.parametrize(("name", "where"), REQUIRED_MEMBERS)
def test_everything_else_is_required(name: str, where: str) -> None:
    assert (where, "missing") in faults_of(name, {where: GONE})


@pytest.mark.parametrize(("name", "where"), REQUIRED_MEMBERS)
def test_null_stands_for_nothing_that_is_required(name: str, where: str) -> None:
    found = faults_of(name, {where: None})
    assert where.endswith("/paid_to") or any(place.startswith(where) for place, _ in found)


@pytest.mark.parametrize(("name", "where"), [(n, w) for n in CARRIED_OUT for w in members(n)])
def test_a_member_that_the_contract_does_not_know_is_refused(name: str, where: str) -> None:
    unknown = where.rpartition("/")[0] + "/unheard_of"
    assert (unknown, "unknown_field") in faults_of(name, {unknown: 1})


def test_the_names_that_python_needs_are_not_those_of_the_contract() -> None:
    changes = {"/data/overpayments/0/from": GONE, "/data/overpayments/0/from_": "2024-12"}
    assert faults_of("01", changes) == [
        ("/data/overpayments/0/from", "missing"),
        ("/data/overpayments/0/from_", "unknown_field"),
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (3465.3, "amount_not_string"),
        (3465, "amount_not_string"),
        (None, "amount_not_string"),
        ("3465.3", "amount_format"),
        ("3465", "amount_format"),
        ("3465.300", "amount_format"),
        ("3,465.30", "amount_format"),
        ("+1.00", "amount_format"),
        ("01.00", "amount_format"),
        (".50", "amount_format"),
        ("1e3", "amount_format"),
        (" 1.00", "amount_format"),
        ("１.００", "amount_format"),
        ("0.00", "amount_not_positive"),
        ("-0.01", "amount_not_positive"),
        ("1000000000000.00", "amount_too_large"),
        ("9" * 5000 + ".00", "amount_too_large"),
    ],
)
def test_amounts_are_strings_of_yuan_and_fen(value: object, code: str) -> None:
    assert faults_of("05", {"/data/amount": value}) == [("/data/amount", code)]


@pytest.mark.parametrize("value", ["0.01", "999999999999.99"])
def test_the_smallest_and_the_largest_amount_are_taken(value: str) -> None:
    assert faults_of("05", {"/data/amount": value}) == []


def test_a_balance_may_be_nothing_but_not_less() -> None:
    assert faults_of("03", {"/data/balance": "0.00"}) == []
    assert faults_of("03", {"/data/balance": "-0.01"}) == [("/data/balance", "amount_not_positive")]


@pytest.mark.parametrize(
    "name",
    ["买买提·吐尔逊", "𠅤㛃䶮", "〇", "\U00030edd\U0002ebf0\U000323af", "O'Brien-Ng Jr.", "José Ñ"],
)
def test_names_of_people_are_taken_as_they_are_written(name: str) -> None:
    data = parsed("01", {"/data/party/name": name}).event.data
    assert isinstance(data, OverpaymentConfirmed)
    assert data.party.name == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "empty_text"),
        ("  ", "empty_text"),
        (" 刘", "name_characters"),
        ("·", "name_characters"),
        ("刘3", "name_characters"),
        ("刘•德", "name_dot"),
        ("刘<厚", "name_characters"),
        ("刘{{x}}", "name_characters"),
        ("Ａ", "name_characters"),
        ("⼀", "name_characters"),
        ("\ue000", "name_characters"),
        ("刘" * 81, "too_long"),
        ("刘\n", "control_character"),
        ("刘\u202e厚", "bidi_control"),
    ],
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    assert faults_of("01", {"/data/party/name": name}) == [("/data/party/name", code)]


#: dots that are typed where · is meant
DOTS = "•・･‧∙⋅●◦▪˙⦁．。｡﹒\u0387ꞏᐧ⸱⸳\u2024"


@pytest.mark.parametrize("dot", DOTS, ids=lambda dot: f"{ord(dot):04x}")
def test_a_wrong_dot_in_a_name_is_answered_with_the_right_one(dot: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(raw("01", {"/data/party/name": f"买买提{dot}阿卜杜拉"}))
    (problem,) = caught.value.problems
    assert problem.code == "name_dot"
    assert f"U+{ord(dot):04X}" in problem.message
    assert "请用 ·（U+00B7）" in problem.message
    assert "use · (U+00B7)" in problem.message_en
    assert "买买提" not in problem.message + problem.message_en


def test_facts_may_have_ten_thousand_characters_and_no_more() -> None:
    assert faults_of("01", {"/data/facts": "𠅤" * 10_000}) == []
    assert faults_of("01", {"/data/facts": "𠅤" * 10_001}) == [("/data/facts", "too_long")]


def test_what_looks_like_a_template_is_text() -> None:
    data = parsed("21").event.data
    assert isinstance(data, OverpaymentConfirmed)
    assert data.facts.endswith('<甲&乙> "丙" {{ 丁 }} {% 戊 %}')


def resident_id(digits: str) -> str:
    return digits + str(ric.calc_check_digit(digits + "0"))


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("430111451203271", ["id_number_15"]),
        ("43011119451203271", ["id_number_format"]),
        ("4301111945120327122", ["id_number_format"]),
        ("65010219560811501x", ["id_number_format"]),
        ("４３０１１１１９４５１２０３２７１２", ["id_number_format"]),
        ("430111194512032713", ["id_number_check"]),
        (resident_id("43011119450230271"), ["id_birth_date"]),
        (resident_id("43011100000000271"), ["id_birth_date"]),
        ("430111194513032712", ["id_birth_date", "id_number_check"]),
    ],
)
def test_a_wrong_resident_id_number_is_refused(number: str, codes: list[str]) -> None:
    where = "/data/party/id_number"
    assert faults_of("01", {where: number}) == [(where, code) for code in codes]


def test_a_leap_day_is_a_birth_date_in_leap_years_only() -> None:
    where = "/data/party/id_number"
    assert faults_of("01", {where: resident_id("43011119480229271")}) == []
    assert faults_of("01", {where: resident_id("43011119000229271")}) == [(where, "id_birth_date")]


@pytest.mark.parametrize("kind", ["passport", "hmt_travel_permit", "other"])
def test_other_documents_have_numbers_of_their_own(kind: str) -> None:
    changes = {"/data/party/id_type": kind, "/data/party/id_number": "E12345678"}
    assert faults_of("01", changes) == []


def test_the_number_of_everybody_in_the_event_is_checked() -> None:
    wrong = "430111197206150029"
    second = {"phone": "13900000018", "id_number": wrong}
    assert faults_of(
        "01", {"/data/promisor/id_number": wrong, "/data/promisor/second": second}
    ) == [
        ("/data/promisor/id_number", "id_number_check"),
        ("/data/promisor/second/id_number", "id_number_check"),
    ]
    assert faults_of("04", {"/data/addressee/id_number": wrong}) == [
        ("/data/addressee/id_number", "id_number_check")
    ]


@pytest.mark.parametrize("number", ["1234567", "1" * 33, "62284811234567890l4", "6228 4811"])
def test_account_numbers_have_8_to_32_digits(number: str) -> None:
    where = "/data/benefit_cards/0/account_number"
    assert (where, "account_number_format") in faults_of("01", {where: number})


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("10355100001", "bank_code_format"),
        ("10355100001A", "bank_code_format"),
        ("103551000018", "bank_code_check"),
    ],
)
def test_a_bank_code_has_12_digits_that_fit(code: str, fault: str) -> None:
    where = "/data/benefit_cards/0/bank_code"
    assert faults_of("01", {where: code}) == [(where, fault)]
    assert faults_of("03", {"/data/bank_code": code}) == [("/data/bank_code", fault)]


@pytest.mark.parametrize(
    ("where", "value", "code"),
    [
        ("/data/party/died_on", "2024-02-30", "date_format"),
        ("/data/party/died_on", "2024-2-3", "date_format"),
        ("/data/party/died_on", "20240203", "date_format"),
        ("/data/party/died_on", "2024-W05-1", "date_format"),
        ("/data/party/died_on", "1024-02-03", "year_out_of_range"),
        ("/data/overpayments/0/to", "2026-13", "month_format"),
        ("/data/overpayments/0/to", "2026-1", "month_format"),
        ("/data/overpayments/0/to", "2026-02-01", "month_format"),
        ("/data/overpayments/0/to", "9999-01", "month_format"),
        ("/data/overpayments/0/still_paid", "true", "wrong_type"),
        ("/data/overpayments/0/still_paid", 1, "wrong_type"),
        ("/data/overpayments/0/insurance", "pension", "unknown_value"),
        ("/data/party/id_type", "resident", "unknown_value"),
        ("/data/party/groups/0/code", "poor", "unknown_value"),
        ("/data/benefit_cards/0/account_type", "account", "unknown_value"),
        ("/data/notify/0/kind", "neighbour", "unknown_value"),
        ("/data/repayment/method", "barter", "unknown_value"),
        ("/data/repayment/method", ["lump_sum"], "unknown_value"),
        ("/data/repayment", "lump_sum", "wrong_type"),
        ("/data/promisor", [], "wrong_type"),
        ("/data/promisor/address", 5, "wrong_type"),
        ("/data/promisor/address/room", 501, "wrong_type"),
        ("/data/overpayments", [], "list_empty"),
        ("/data/overpayments", {}, "wrong_type"),
        ("/data/overpayments/0", None, "wrong_type"),
    ],
)
def test_a_value_of_another_form_is_named_where_it_stands(
    where: str, value: object, code: str
) -> None:
    assert (where, code) in faults_of("01", {where: value})


def test_lists_but_the_overpayments_may_be_empty() -> None:
    changes: dict[str, Any] = {
        "/data/party/groups": [],
        "/data/benefit_cards": [],
        "/data/notify": [],
        "/data/overpayments/0/paid_to": None,
    }
    assert faults_of("01", changes) == []


def test_no_value_of_the_event_stands_in_what_is_said_about_it() -> None:
    secret = "6228481123456789015"
    name = "刘德厚1"
    message = raw(
        "01",
        {
            "/data/party/name": name,
            "/data/party/id_number": "430111194512032713",
            "/data/overpayments/0/paid_to": secret,
        },
    )
    with pytest.raises(Exception, match="name_characters") as caught:
        parse(message)
    problems = getattr(caught.value, "problems", ())
    said = str(caught.value) + "".join(f"{p.message}{p.message_en}" for p in problems)
    assert len(problems) == 3
    assert "****9015" in said
    assert all(value not in said for value in (secret, name, "430111194512032713"))


def test_a_models_repr_shows_none_of_its_values() -> None:
    data = parsed("01").event.data
    assert repr(data) == "OverpaymentConfirmed()"
    assert "刘" not in repr(parsed("01"))
