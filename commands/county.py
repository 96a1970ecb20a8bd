"""A small county's month of cases, made up: what the demo runs beside the examples.

The same events each time, so that a second run changes nothing. Every person is invented; the
numbers satisfy their check digits and belong to nobody on purpose.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from stdnum import luhn
from stdnum.cn import ric
from stdnum.iso7064 import mod_11_10

from schemas.zone import CHINA

_AGENCY = "430111"
_SOURCE = "/hunan/430111/county"
_FIRST_DAY = datetime(2026, 10, 8, 9, 0, tzinfo=CHINA)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = [
    "建国",
    "秀英",
    "桂兰",
    "志强",
    "玉珍",
    "德明",
    "春花",
    "国华",
    "凤英",
    "长生",
    "海燕",
    "福生",
]
_RELATIONS = ["儿子", "女儿", "配偶"]
_BANKS = [
    ("102551", "中国工商银行股份有限公司长沙{}支行"),
    ("103551", "中国农业银行股份有限公司长沙{}支行"),
    ("104551", "中国银行股份有限公司长沙{}支行"),
    ("105551", "中国建设银行股份有限公司长沙{}支行"),
    ("403551", "中国邮政储蓄银行股份有限公司长沙市{}支行"),
]
_PLACES = ["雨花亭", "砂子塘", "东塘", "井湾子", "洞井", "黎托"]
_BENEFITS = [
    ("resident_pension", "城乡居民基本养老金", "城乡居民养老保险待遇领取人员", 231),
    ("enterprise_pension", "企业职工基本养老金", "企业退休人员", 3213),
    ("public_sector_pension", "机关事业单位基本养老金", "机关事业单位退休人员", 4870),
    ("work_injury", "供养亲属抚恤金", "工亡职工供养亲属", 1823),
]
_HANDLER = {"name": "周敏", "phone": "0731-80000017"}
_APPROVER = {"name": "李科长", "post": "稽核科科长"}


@dataclass(frozen=True, kw_only=True)
class _Person:
    name: str
    id_number: str


def month_of_cases(count: int) -> list[dict[str, Any]]:
    """The events of ``count`` cases, as JSON objects, in the order of their times."""
    events = [event for index in range(count) for event in _case(index)]
    return sorted(events, key=lambda event: datetime.fromisoformat(event["time"]))


def as_bytes(event: dict[str, Any]) -> bytes:
    """The event as it is published."""
    return json.dumps(event, ensure_ascii=False).encode()


def _case(index: int) -> list[dict[str, Any]]:
    # not for secrets: the same cases each time
    chance = Random(index)  # noqa: S311
    case = _Case(index, chance)
    events = [case.confirmed()]
    if index % 2 == 0:
        events.append(case.receipted(executed=index % 10 != 8))
    audited = index % 4 == 1
    if index % 3 == 0 or audited:
        events.append(case.served())
    if audited:
        events.append(case.audit())
    if index % 4 == 2:
        events += [case.repaid(1, whole=False), case.repaid(2, whole=True)]
    elif index % 4 == 3:
        events.append(case.repaid(1, whole=False))
    if index % 12 == 10:
        events.append(case.reversed(2))
    return events


class _Case:
    def __init__(self, index: int, chance: Random) -> None:
        self._chance = chance
        self._number = f"430111-2026-{100 + index:06d}"
        self._opened = _FIRST_DAY + timedelta(hours=5 * index)
        self._party = _person(chance, born=1936 + index % 20)
        self._relative = _person(chance, born=1965 + index % 20)
        self._insurance, self._benefit, self._category, monthly = _BENEFITS[index % len(_BENEFITS)]
        self._months = chance.randint(2, 8)
        self._fen = (monthly * 100 + chance.randrange(100)) * self._months
        prefix, bank = _BANKS[index % len(_BANKS)]
        self._bank_code = _with_check(f"{prefix}{index % 10000:05d}")
        self._bank_name = bank.format(chance.choice(_PLACES))
        self._card = _card(chance)
        self._steps = 0

    def confirmed(self) -> dict[str, Any]:
        died = date(2026, 9 - self._months, self._chance.randint(1, 28))
        last = date(2026, 9, 1)
        data = {
            "party": self._party_data(died),
            "facts": f"经与公安部门数据比对核实，该员已于{died.year}年{died.month}月{died.day}日"
            f"死亡，其亲属未及时申报，其后{self._months}个月仍继续领取{self._benefit}。",
            "overpayments": [
                {
                    "insurance": self._insurance,
                    "benefit": self._benefit,
                    "from": f"{died.year}-{died.month + 1:02d}",
                    "to": f"{last.year}-{last.month:02d}",
                    "amount": _yuan(self._fen),
                    "reason": "死亡后未及时申报终止",
                    "entitlement_lost": True,
                    "still_paid": True,
                    "paid_to": self._card,
                }
            ],
            "promisor": None,
            "repayment": None,
            "benefit_cards": [
                {
                    "bank_code": self._bank_code,
                    "bank_name": self._bank_name,
                    "account_type": "card",
                    "account_name": self._party.name,
                    "account_number": self._card,
                }
            ],
            "notify": [
                {
                    "kind": "relative",
                    "name": self._relative.name,
                    "relation": self._chance.choice(_RELATIONS),
                    "address": "湖南省长沙市雨花区某某街道某某小区1栋1单元101",
                }
            ],
            "stop_from": self._opened.date().isoformat(),
            "handler": _HANDLER,
        }
        return self._event("overpayment.confirmed", data)

    def receipted(self, *, executed: bool) -> dict[str, Any]:
        moment = self._later(hours=20)
        data = {
            "document": {"kind": "stop_payment_letter", "account_number": self._card},
            "bank_code": self._bank_code,
            "received_at": moment.isoformat(),
            "result": "executed" if executed else "refused",
            "executed_at": (moment + timedelta(minutes=20)).isoformat() if executed else None,
            "balance": None,
            "reason": None if executed else "账户已销户",
            "clerk": "0317",
        }
        return self._event("letter.receipted", data)

    def served(self) -> dict[str, Any]:
        data = {
            "document": {"kind": "recovery_notice"},
            "served_at": self._later(hours=30).isoformat(),
            "place": "某某街道某某社区",
            "method": "in_person",
            "received_by": self._relative.name,
            "relation": "亲属",
            "servers": ["周敏", "陈立"],
            "witnesses": [],
        }
        return self._event("document.served", data)

    def audit(self) -> dict[str, Any]:
        data = {
            "deadline": "2027-01-31",
            "addressee": {
                "name": self._relative.name,
                "id_type": "resident_id",
                "id_number": self._relative.id_number,
                "relation": "亲属",
                "phone": "13900000000",
                "address": "湖南省长沙市雨花区某某街道某某小区1栋1单元101",
            },
            "auditors": ["周敏", "陈立"],
        }
        return self._event("audit.opened", data)

    def repaid(self, part: int, *, whole: bool) -> dict[str, Any]:
        first = self._fen // 3
        data = {
            "receipt_no": f"{self._number}-R{part}",
            "amount": _yuan(self._fen - first if whole else first),
            "received_on": self._later(hours=24).date().isoformat(),
            "deposited_on": None,
            "channel": "bank_transfer",
            "payer": self._relative.name,
            "still_qualified": False,
        }
        return self._event("repayment.recorded", data)

    def reversed(self, part: int) -> dict[str, Any]:
        data = {
            "receipt_no": f"{self._number}-R{part}",
            "reason": "到账户名不符，银行退汇",
            "approved_by": _APPROVER,
        }
        return self._event("repayment.reversed", data)

    def _party_data(self, died: date) -> dict[str, Any]:
        return {
            "personal_no": f"4301119{self._number[-6:]}",
            "name": self._party.name,
            "id_type": "resident_id",
            "id_number": self._party.id_number,
            "died_on": died.isoformat(),
            "category": self._category,
            "benefit_status": "终止",
            "groups": [],
            "phone": None,
            "address": None,
        }

    def _later(self, *, hours: int) -> datetime:
        return self._opened + timedelta(hours=hours * max(self._steps, 1))

    def _event(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        moment = self._opened + timedelta(days=2 * self._steps)
        self._steps += 1
        return {
            "specversion": "1.0",
            "id": f"{self._number}-{self._steps:02d}",
            "source": _SOURCE,
            "type": f"hanyin.{kind}.v1",
            "time": moment.isoformat(),
            "subject": self._number,
            "datacontenttype": "application/json",
            "data": {"case_no": self._number, "agency": _AGENCY, **data},
        }


def _person(chance: Random, *, born: int) -> _Person:
    birth = date(born, chance.randint(1, 12), chance.randint(1, 28))
    body = f"430111{birth:%Y%m%d}{chance.randint(1, 999):03d}"
    return _Person(
        name=chance.choice(_SURNAMES) + chance.choice(_GIVEN),
        id_number=body + ric.calc_check_digit(body + "0"),
    )


def _card(chance: Random) -> str:
    body = "621700" + "".join(str(chance.randrange(10)) for _ in range(12))
    return body + luhn.calc_check_digit(body)


def _with_check(body: str) -> str:
    return body + mod_11_10.calc_check_digit(body)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
