"""What the members of events mean, with an example each; ``meanings`` says how it is used."""

from collections.abc import Mapping

from schemas.meaning import Meaning

_FACTS = (
    "经与民政部门数据比对核实，该员已于2024年11月21日死亡，2024年12月至2026年2月仍继续领取养老金。"
)
_CARD = "6228481123456789014"
_ID = "430111197206150028"
_AT = "2026-03-09T14:30:00+08:00"

EVENT_MEANINGS: Mapping[str, Meaning] = {
    # the envelope
    "envelope.specversion": Meaning("The version of CloudEvents.", "1.0"),
    "envelope.id": Meaning(
        "Names the event within its source and sender; the same event again has the same id.",
        "430111-2026-000017-01",
    ),
    "envelope.source": Meaning(
        "The system that speaks, one of the directory's sources.", "/hunan/430111/benefits"
    ),
    "envelope.time": Meaning(
        "When it happened; events of a case are applied in this order.",
        "2026-03-05T09:21:07+08:00",
    ),
    "envelope.subject": Meaning("案号 of the case; of a letter its number.", "430111-2026-000017"),
    "envelope.datacontenttype": Meaning("What data is.", "application/json"),
    # whose case it is
    "case_no": Meaning("案号: the case's number at the agency.", "430111-2026-000017"),
    "agency": Meaning("经办机构代码: six digits, as in the directory.", "430111"),
    # the case
    "party": Meaning("当事人: the person whose benefits were overpaid."),
    "facts": Meaning("基本情况, printed in notice and opinion; up to 10,000 characters.", _FACTS),
    "overpayments": Meaning("What was overpaid: a benefit over a period, at least one."),
    "promisor": Meaning("承诺人: who promises repayment; null where nobody does."),
    "repayment": Meaning("退还方式 that was chosen: one of three; null where none is yet."),
    "benefit_cards": Meaning("待遇发放卡（折）: the accounts that benefits are paid to."),
    "notify": Meaning("告知对象: who is told that benefits have stopped."),
    "stop_from": Meaning(
        "The day from which banks stop payment; null: nothing is to be stopped.", "2026-03-05"
    ),
    "handler": Meaning("经办人 of the agency, printed with his telephone."),
    "personal_no": Meaning("个人编号 in the benefit system.", "4301110017234"),
    "name": Meaning("Name of the person, with · (U+00B7) between its parts.", "刘晓云"),
    "Notified.name": Meaning(
        "Name of the relative, or the organisation's.", "井湾子街道某某社区居民委员会"
    ),
    "Applicant.name": Meaning("Who applies: a person, an employer, a 乡镇（街道）.", "刘晓云"),
    "id_type": Meaning("证件类型: what the number stands on.", "resident_id"),
    "id_number": Meaning("证件号码; a resident ID with a right check digit.", _ID),
    "died_on": Meaning("死亡日期; null where the party is alive.", "2024-11-21"),
    "category": Meaning("人员类别, as printed.", "城乡居民养老保险待遇领取人员"),
    "benefit_status": Meaning("待遇状态, as printed.", "终止"),
    "groups": Meaning("困难、特殊群体 that the party belongs to; may be empty."),
    "phone": Meaning("联系电话, as text.", "13900000017"),
    "address": Meaning("通讯地址: one line of text, or in parts.", "湖南省长沙市雨花区井湾子街道"),
    "Group.code": Meaning("Which group.", "minimum_living_allowance"),
    "Group.issuer": Meaning("Who found that the party belongs to it.", "长沙市雨花区民政局"),
    "Group.document": Meaning(
        "Name and number of the document that says so.", "低保证 MZ-2023-0311"
    ),
    "Group.date": Meaning("Date of that document.", "2023-03-11"),
    "relation": Meaning("Relation to the party; 本人 is the party himself.", "女儿"),
    "Promisor.second": Meaning("第二联系方式: the second line of the form; null: left blank."),
    "province": Meaning("省.", "湖南省"),
    "city": Meaning("市.", "长沙市"),
    "county": Meaning("县（市、区）.", "雨花区"),
    "town": Meaning("乡镇（街道）.", "井湾子街道"),
    "community": Meaning("小区（村）.", "某某小区"),
    "building": Meaning("楼栋.", "3"),
    "unit": Meaning("单元.", "2"),
    "room": Meaning("房号.", "501"),
    "insurance": Meaning("险种.", "resident_pension"),
    "benefit": Meaning("待遇类别, as printed.", "城乡居民基本养老金"),
    "Overpayment.from": Meaning("First month that was overpaid.", "2024-12"),
    "Overpayment.to": Meaning("Last month that was overpaid.", "2026-02"),
    "amount": Meaning("Yuan with two decimals, as text.", "3465.30"),
    "Overpayment.reason": Meaning(
        "多领原因, as printed; null: left blank.", "死亡后未及时申报终止"
    ),
    "entitlement_lost": Meaning("Whether the right to the benefit is lost for good.", True),
    "still_paid": Meaning("Whether the benefit was still being paid: its card is stopped.", True),
    "paid_to": Meaning("Account number that it is paid to, one of the case's cards.", _CARD),
    "LumpSum.method": Meaning("退还方式 1: everything at once.", "lump_sum"),
    "LumpSum.by": Meaning("Last month in which it is to be repaid.", "2026-05"),
    "Installments.method": Meaning("退还方式 2: in instalments.", "installments"),
    "periods": Meaning("How many instalments.", 12),
    "per_period": Meaning("Yuan of each instalment but the last.", "300.00"),
    "MonthlyDeduction.method": Meaning(
        "退还方式 3: deducted from what is still paid each month.", "monthly_deduction"
    ),
    "per_month": Meaning("Yuan of each month but the last.", "900.00"),
    "from": Meaning("First month.", "2026-09"),
    "to": Meaning("Last month.", "2028-05"),
    "kind": Meaning("Which kind of document.", "recovery_notice"),
    "Notified.kind": Meaning("Who is told: a relative, an employer, a community.", "community"),
    "bank_code": Meaning("联行号 (CNAPS) of the bank: 12 digits.", "103551000017"),
    "bank_name": Meaning("银行全称, as printed.", "中国农业银行股份有限公司长沙雨花支行"),
    "account_type": Meaning("卡 or 折.", "card"),
    "account_name": Meaning("户名.", "刘德厚"),
    "account_number": Meaning("卡号、账号, as text.", _CARD),
    # which document
    "document": Meaning(
        "Which document is meant: by number, reference or kind.", {"kind": "recovery_notice"}
    ),
    "number": Meaning("文号.", "稽（待遇）字〔2026〕第1号"),
    "reference": Meaning("The document's id.", "0199d1f0-7c3e-7c11-9a55-4f0a6b1c2d3e"),
    "DocumentSelector.kind": Meaning("The only one of this kind in force.", "recovery_notice"),
    "DocumentSelector.account_number": Meaning("The one about this account.", _CARD),
    "DocumentSelector.recipient": Meaning("The one addressed to this name.", "刘晓云"),
    # service, receipts, audits
    "served_at": Meaning("送达时间.", _AT),
    "place": Meaning("送达地点.", "井湾子街道某某小区3栋"),
    "DocumentServed.method": Meaning("送达方式.", "in_person"),
    "received_by": Meaning("签收人.", "刘晓云"),
    "servers": Meaning("送达人; null or empty: not said.", ["周敏", "陈立"]),
    "witnesses": Meaning("见证人; null or empty: none.", ["赵立新"]),
    "received_at": Meaning("When the bank had the letter.", "2026-03-06T09:30:00+08:00"),
    "result": Meaning("Whether the bank did what the letter asks.", "executed"),
    "executed_at": Meaning(
        "When it was done; null where the bank refused.", "2026-03-06T10:12:00+08:00"
    ),
    "balance": Meaning("余额 in yuan, where it may be told.", "128.40"),
    "reason": Meaning("Why, in a sentence; inside the agency alone.", "账户已销户"),
    "clerk": Meaning("经办柜员 of the bank.", "0317"),
    "AuditOpened.deadline": Meaning("Last day for repayment that the opinion sets.", "2026-07-15"),
    "addressee": Meaning("Who the opinion is addressed to; null: the party."),
    "auditors": Meaning("稽核人员; null or empty: left blank.", ["周敏", "陈立"]),
    "early": Meaning(
        "Why the audit does not wait for service or the promised term, and who said so."
    ),
    # money
    "receipt_no": Meaning("收据号: names the repayment within its case.", "CZZH-20260619-0031"),
    "received_on": Meaning("收款日期.", "2026-06-19"),
    "deposited_on": Meaning("存入社会保险基金财政专户的日期.", "2026-06-19"),
    "channel": Meaning("还款渠道: the way the money came.", "bank_transfer"),
    "payer": Meaning("付款人.", "刘晓云"),
    "still_qualified": Meaning(
        "Whether the party has a right to benefits; null: not known.", False
    ),
    "approved_by": Meaning("Who approved the step."),
    "post": Meaning("职务 of the approver.", "稽核科科长"),
    # agreements, resumption, assistance, referral
    "ResumptionApproved.from": Meaning("First month in which benefits are paid again.", "2026-09"),
    "monthly": Meaning("Yuan a month that are paid again.", "1823.22"),
    "with_deduction": Meaning("Whether a signed agreement deducts from them.", True),
    "release_card": Meaning("Whether the bank is told to release the card.", True),
    "AgreementReached.kind": Meaning("抵扣协议 or 还款协议.", "deduction_agreement"),
    "debtor": Meaning("乙方 of the agreement."),
    "monthly_benefit": Meaning(
        "Yuan a month that the benefit is; for deductions alone.", "1823.22"
    ),
    "total": Meaning("Yuan that the agreement covers.", "18488.20"),
    "basis": Meaning("What the agreement rests on.", "agreed"),
    "from_personal_account": Meaning("Yuan that come first, from the 个人账户.", "500.00"),
    "signed_on": Meaning("The day on which both sides have signed; null: not yet.", "2026-04-12"),
    "applicant": Meaning("Who applies for 救助帮扶."),
    "proofs": Meaning("认定材料 that the application brings, at least one."),
    "Proof.issuer": Meaning("Who issued it.", "长沙市雨花区民政局"),
    "title": Meaning("What it is called.", "最低生活保障证"),
    "Proof.number": Meaning("Its number.", "MZ-2026-0091"),
    "Proof.date": Meaning("Its date.", "2026-12-10"),
    "findings": Meaning(
        "What was verified, as printed.", "经核实，申请人无劳动能力，确无偿还能力。"
    ),
    "proposed_funding": Meaning("Where the money should come from.", "临时救助资金"),
    "CaseReferred.to": Meaning("Whom the case is referred to.", "labour_inspection"),
    "to_name": Meaning("That authority's full name.", "长沙市雨花区劳动保障监察大队"),
    "suspected": Meaning("案由.", "隐瞒死亡事实冒领社会保险待遇"),
    "grounds": Meaning("移送理由, as printed.", "由他人持卡在柜面支取，拒不退还。"),
    "attachments": Meaning(
        "Documents of the case that go with it; may be empty.", [{"kind": "recovery_notice"}]
    ),
    # what puts right
    "public_reason": Meaning("What a bank reads instead of the reason.", "wrong_facts"),
    "changes": Meaning("Members of the case's data, each replacing the old one whole."),
    "replace": Meaning("Whether another is issued in its place.", True),
}
