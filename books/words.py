"""Chinese words of the codes that only books show: hardship groups, channels, ways of service."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    # 困难群体、特殊群体 (湘人社规〔2022〕30号, 一)
    "severe_disability": "重度残疾人",
    "minimum_living_allowance": "低保对象",
    "extreme_poverty_support": "特困人员",
    "low_income_margin": "低保边缘家庭成员",
    "returned_to_poverty": "返贫致贫人员",
    "unstable_out_of_poverty": "脱贫不稳定户",
    "near_poverty": "边缘易致贫户",
    "sudden_hardship": "突发严重困难户",
    "in_custody": "在押服刑",
    "released_in_hardship": "刑满后生活困难",
    "deceased_no_relatives": "死亡后无近亲属",
    "dependant_of_work_death": "工亡供养亲属已死亡",
    "other": "其他",
    # 追回渠道
    "bank_transfer": "银行转账",
    "deduction": "待遇抵扣",
    "personal_account": "个人账户",
    "funeral_benefit": "丧葬补助金",
    "card_balance": "卡内余额",
    "estate": "遗产",
    "assistance": "救助",
    "donation": "捐赠",
    "court": "法院执行",
    # 措施
    "stop_payment": "停止支付",
    # 送达
    "served": "已送达",
    "not_served": "未送达",
    "overdue": "逾期",
    "in_person": "直接送达",
    "left_at_place": "留置送达",
    "mail": "邮寄送达",
    "electronic": "电子送达",
    "entrusted": "委托送达",
    "public_notice": "公告送达",
    # 回执
    "waiting": "等待",
    # 受文者
    "party": "当事人",
    "addressee": "相关人员",
    "bank": "银行",
    "relative": "近亲属",
    "employer": "单位",
    "community": "社区（村）",
    # 期限
    "repayment": "退款期限",
    "receipt": "银行回执期限",
    "service": "送达期限",
}
