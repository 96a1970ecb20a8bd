"""The people and places of a case: party, promisor, addressee, whom to notify, who handles it."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from schemas.fields import AccountNumber, Date, Key, Name, Strict, Text, entries
from schemas.numbers import BankCode

#: relation of somebody to the party where he is the party
SELF = "本人"


class IdType(StrEnum):
    """What a person's number stands on."""

    RESIDENT_ID = "resident_id"  # 居民身份证
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"  # 港澳台居民居住证
    HMT_TRAVEL_PERMIT = "hmt_travel_permit"  # 来往内地通行证
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"  # 外国人永久居留身份证
    PASSPORT = "passport"  # 护照
    OTHER = "other"  # 其他证件


class GroupCode(StrEnum):
    """Hardship and special groups (湘人社规〔2022〕30号, 一)."""

    SEVERE_DISABILITY = "severe_disability"  # 重度残疾人
    MINIMUM_LIVING_ALLOWANCE = "minimum_living_allowance"  # 低保对象
    EXTREME_POVERTY_SUPPORT = "extreme_poverty_support"  # 特困人员
    LOW_INCOME_MARGIN = "low_income_margin"  # 低保边缘家庭成员
    RETURNED_TO_POVERTY = "returned_to_poverty"  # 返贫致贫人员
    UNSTABLE_OUT_OF_POVERTY = "unstable_out_of_poverty"  # 脱贫不稳定户
    NEAR_POVERTY = "near_poverty"  # 边缘易致贫户
    SUDDEN_HARDSHIP = "sudden_hardship"  # 突发严重困难户
    IN_CUSTODY = "in_custody"  # 在押服刑（含缓刑、强制措施）无偿还能力
    RELEASED_IN_HARDSHIP = "released_in_hardship"  # 服刑期满等生活困难
    DECEASED_NO_RELATIVES = "deceased_no_relatives"  # 死亡后无近亲属或长期失联
    DEPENDANT_OF_WORK_DEATH = "dependant_of_work_death"  # 工亡供养亲属已死亡且多领抚恤金
    OTHER = "other"  # 等


class NotifiedKind(StrEnum):
    """Who is told that benefits have stopped."""

    RELATIVE = "relative"  # 近亲属
    EMPLOYER = "employer"  # 单位
    COMMUNITY = "community"  # 社区（村）


class AccountType(StrEnum):
    """卡（折）."""

    CARD = "card"  # 卡
    PASSBOOK = "passbook"  # 折, and old account numbers: no Luhn check


class Address(Strict):
    """An address in the parts that annex 1 has blanks for."""

    province: Text | None = None
    city: Text | None = None
    county: Text | None = None
    town: Text | None = None
    community: Text | None = None
    building: Text | None = None
    unit: Text | None = None
    room: Text | None = None


#: tags of the union: no member of a JSON object can have this name, it holds a control character
_TEXT_TAG, _PARTS_TAG = "\x00text", "\x00parts"


def _form_of_address(value: Any) -> str:
    return _PARTS_TAG if isinstance(value, dict | Address) else _TEXT_TAG


#: an address in parts, or as one line
AnyAddress = Annotated[
    Annotated[Text, Tag(_TEXT_TAG)] | Annotated[Address, Tag(_PARTS_TAG)],
    Discriminator(_form_of_address),
]


class Group(Strict):
    """A hardship or special group of the party, and who found it."""

    code: GroupCode
    issuer: Text | None = None
    document: Text | None = None
    date: Date | None = None


class Party(Strict):
    """当事人: the person whose benefits were overpaid."""

    personal_no: Key  #: 个人编号
    name: Name
    id_type: IdType
    id_number: Key
    died_on: Date | None = None
    category: Text  #: 人员类别
    benefit_status: Text  #: 待遇状态
    groups: Annotated[tuple[Group, ...], entries()]
    phone: Key | None = None
    address: AnyAddress | None = None


class Person(Strict):
    """Somebody with a number, a telephone and an address, and his relation to the party."""

    name: Name
    id_type: IdType
    id_number: Key
    relation: Text
    phone: Key
    address: AnyAddress


class Second(Strict):
    """The second line of the form's promisor."""

    phone: Key
    id_number: Key


class Promisor(Person):
    """承诺人: who promises repayment."""

    second: Second | None = None


class Handler(Strict):
    """经办人."""

    name: Name
    phone: Key


class Approver(Strict):
    """Who approved a step, and his post."""

    name: Name
    post: Text


class Notified(Strict):
    """Who is told that benefits have stopped; ``relation`` for relatives only."""

    kind: NotifiedKind
    name: Text  #: a person's name for a relative, else an organisation's
    relation: Text | None = None
    address: AnyAddress


class BenefitCard(Strict):
    """待遇发放卡（折）: an account that benefits are paid to."""

    bank_code: BankCode  #: CNAPS
    bank_name: Text  #: 银行全称
    account_type: AccountType
    account_name: Name
    account_number: AccountNumber
