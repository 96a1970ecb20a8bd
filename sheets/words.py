"""The Chinese words of codes, as office workers choose them from a list; codes are taken too."""

from collections.abc import Mapping

from schemas.events import AccountType, Channel, GroupCode, IdType, Insurance, NotifiedKind

INSURANCES: Mapping[str, str] = {
    Insurance.ENTERPRISE_PENSION: "企业职工基本养老保险",
    Insurance.PUBLIC_SECTOR_PENSION: "机关事业单位养老保险",
    Insurance.RESIDENT_PENSION: "城乡居民基本养老保险",
    Insurance.WORK_INJURY: "工伤保险",
    Insurance.UNEMPLOYMENT: "失业保险",
}
ID_TYPES: Mapping[str, str] = {
    IdType.RESIDENT_ID: "居民身份证",
    IdType.HMT_RESIDENCE_PERMIT: "港澳台居民居住证",
    IdType.HMT_TRAVEL_PERMIT: "来往内地通行证",
    IdType.FOREIGN_PERMANENT_RESIDENT: "外国人永久居留身份证",
    IdType.PASSPORT: "护照",
    IdType.OTHER: "其他证件",
}
NOTIFIED: Mapping[str, str] = {
    NotifiedKind.RELATIVE: "近亲属",
    NotifiedKind.EMPLOYER: "单位",
    NotifiedKind.COMMUNITY: "社区（村）",
}
ACCOUNTS: Mapping[str, str] = {AccountType.CARD: "卡", AccountType.PASSBOOK: "折"}
GROUPS: Mapping[str, str] = {
    GroupCode.SEVERE_DISABILITY: "重度残疾人",
    GroupCode.MINIMUM_LIVING_ALLOWANCE: "低保对象",
    GroupCode.EXTREME_POVERTY_SUPPORT: "特困人员",
    GroupCode.LOW_INCOME_MARGIN: "低保边缘家庭成员",
    GroupCode.RETURNED_TO_POVERTY: "返贫致贫人员",
    GroupCode.UNSTABLE_OUT_OF_POVERTY: "脱贫不稳定户",
    GroupCode.NEAR_POVERTY: "边缘易致贫户",
    GroupCode.SUDDEN_HARDSHIP: "突发严重困难户",
    GroupCode.IN_CUSTODY: "在押服刑无偿还能力",
    GroupCode.RELEASED_IN_HARDSHIP: "服刑期满等生活困难",
    GroupCode.DECEASED_NO_RELATIVES: "死亡后无近亲属或长期失联",
    GroupCode.DEPENDANT_OF_WORK_DEATH: "工亡供养亲属已死亡且多领抚恤金",
    GroupCode.OTHER: "其他",
}
CHANNELS: Mapping[str, str] = {
    Channel.BANK_TRANSFER: "银行转账",
    Channel.DEDUCTION: "待遇抵扣",
    Channel.PERSONAL_ACCOUNT: "个人账户",
    Channel.FUNERAL_BENEFIT: "丧葬补助金",
    Channel.CARD_BALANCE: "发放卡余额",
    Channel.ESTATE: "遗产",
    Channel.ASSISTANCE: "救助资金",
    Channel.DONATION: "捐赠",
    Channel.COURT: "法院执行",
}
METHODS: Mapping[str, str] = {
    "lump_sum": "一次性退还",
    "installments": "分期退还",
    "monthly_deduction": "按月抵扣",
}
YES, NO = "是", "否"

#: heading of the template's page of words → the words; what its drop-down lists show
LISTS: Mapping[str, Mapping[str, str]] = {
    "险种": INSURANCES,
    "证件类型": ID_TYPES,
    "账户类型": ACCOUNTS,
    "告知对象类型": NOTIFIED,
    "群体类别": GROUPS,
    "退还方式": METHODS,
    "还款渠道": CHANNELS,
}
