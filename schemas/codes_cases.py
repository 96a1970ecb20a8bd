"""The codes of what a case does not allow: the event is well-formed, the case says no."""

from schemas.code import Code

CASE_CODES = (
    Code(
        name="case_exists",
        meaning="the case is open already; a case is opened once",
        zh="案件 {case_no} 已存在",
        en="Case {case_no} exists already.",
        where="/data/case_no",
    ),
    Code(
        name="no_such_document",
        meaning="the case has no document in force that is named so",
        zh="案件中没有所指的有效文书",
        en="The case has no such document in force.",
        where="/data/document",
    ),
    Code(
        name="document_void",
        meaning="the document that is named is void",
        zh="文书 {number} 已作废",
        en="Document {number} is void.",
        where="/data/document/number, /data/document/reference",
    ),
    Code(
        name="ambiguous",
        meaning="several documents in force are of this kind; name one by number or reference",
        zh="符合条件的有效文书不止一份，请以文号或编号指明",
        en="Several documents in force fit; name one by its number or reference.",
        where="/data/document",
    ),
    Code(
        name="service_repeated",
        meaning="the same service is recorded on the document already",
        zh="文书 {number} 的该次送达已登记",
        en="This service of document {number} is recorded already.",
        where="/data",
    ),
    Code(
        name="not_a_bank_letter",
        meaning="a bank's receipt for a document that does not go to a bank",
        zh="文书 {number} 不是致银行的通知书，不能登记银行回执",
        en="Document {number} is no letter to a bank; it can have no bank's receipt.",
        where="/data/document",
    ),
    Code(
        name="bank_mismatch",
        meaning="a receipt of another bank than the one that the letter went to",
        zh="联行号与通知书 {number} 的主送银行不符",
        en="The bank code is not that of the bank that letter {number} went to.",
        where="/data/bank_code",
    ),
    Code(
        name="receipt_repeated",
        meaning=(
            "the receipt is recorded already: a repayment's receipt number (a reversed one stays "
            "taken), or the same answer of a bank to the same letter"
        ),
        zh="该收据（回执）已登记",
        en="This receipt is recorded already.",
        where="/data/receipt_no, /data",
    ),
    Code(
        name="nothing_outstanding",
        meaning="everything has been repaid, so there is nothing to audit, agree on or enforce",
        zh="案件已无未退还金额，不能再行追缴",
        en="Nothing is outstanding; there is nothing to audit, agree on or enforce.",
        where="/data",
    ),
    Code(
        name="no_notice",
        meaning="an audit is opened, but no recovery notice is in force",
        zh="案件没有有效的追缴告知书，不能启动稽核",
        en="No recovery notice is in force; an audit follows one.",
        where="/data",
    ),
    Code(
        name="addressee_required",
        meaning="the party is dead, so an audit opinion needs an addressee",
        zh="当事人已死亡，稽核意见书须指明相关人员",
        en="The party has died, so the audit opinion needs an addressee.",
        where="/data/addressee",
    ),
    Code(
        name="opinion_in_force",
        meaning="an audit opinion to the same addressee is in force",
        zh="向同一对象下达的稽核意见书 {number} 仍然有效，不能另行下达；需要时请先作废",
        en="Opinion {number} to the same addressee is in force; make it void first where needed.",
        where="/data/addressee",
    ),
    Code(
        name="agreement_running",
        meaning="an audit is opened while an agreement that was signed runs",
        zh="已签订的协议 {number} 尚在履行期内，不能启动稽核；不再履行的，请先作废该协议",
        en="Signed agreement {number} still runs; make it void first where it is not kept.",
        where="/data",
    ),
    Code(
        name="notice_not_served",
        meaning="an audit is opened before its recovery notice was served",
        zh="追缴告知书 {number} 尚未送达，不能启动稽核；确需提前的，在 early 中填写事由和批准人",
        en=(
            "Notice {number} was not served, so no audit follows; where it must, give early "
            "with a reason and who approved it."
        ),
        where="/data/early",
    ),
    Code(
        name="term_not_over",
        meaning="an audit is opened before the promised term of repayment is over",
        zh="承诺的退还期限 {term} 尚未届满，不能启动稽核；确需提前的，在 early 中填写事由和批准人",
        en=(
            "The promised term, {term}, is not over; where an audit cannot wait, give early "
            "with a reason and who approved it."
        ),
        where="/data/early",
    ),
    Code(
        name="exceeds_outstanding",
        meaning="a repayment is larger than what is outstanding",
        zh="还款金额 {amount} 元大于未还余额 {outstanding} 元",
        en="The repayment of {amount} exceeds the outstanding {outstanding}.",
        where="/data/amount",
    ),
    Code(
        name="no_such_repayment",
        meaning="a reversal names a receipt number that the case does not have",
        zh="案件中没有该收据号的还款",
        en="The case has no repayment with this receipt number.",
        where="/data/receipt_no",
    ),
    Code(
        name="already_reversed",
        meaning="the repayment is reversed already",
        zh="该笔还款已冲正",
        en="This repayment is reversed already.",
        where="/data/receipt_no",
    ),
    Code(
        name="already_deposited",
        meaning="the day on which a repayment was deposited is recorded already",
        zh="该笔还款已登记于 {deposited_on} 存入财政专户",
        en="This repayment is recorded as deposited on {deposited_on} already.",
        where="/data/receipt_no",
    ),
    Code(
        name="already_recorded",
        meaning="the same agreement, resumption, assistance or referral came under another id",
        zh="同一事项已办理，见 {number}",
        en="The same is recorded already, see {number}.",
        where="/data",
    ),
    Code(
        name="owes_less",
        meaning="an agreement's total or an assistance's amount is larger than what is outstanding",
        zh="金额 {amount} 元大于未还余额 {outstanding} 元",
        en="The amount of {amount} exceeds the outstanding {outstanding}.",
        where="/data/total, /data/amount",
    ),
    Code(
        name="agreed_already",
        meaning="with the agreements in force, an agreement is over more than is outstanding",
        zh=(
            "协议金额 {amount} 元，加上有效协议 {numbers} 尚待退还的 {promised} 元，"
            "大于未还余额 {outstanding} 元；请先作废原协议"
        ),
        en=(
            "The agreement over {amount} and the {promised} that {numbers} are still to bring "
            "exceed the outstanding {outstanding}; make the former agreement void first."
        ),
        where="/data/total",
    ),
    Code(
        name="not_an_agreement",
        meaning="what is said to be signed is no agreement",
        zh="文书 {number} 不是协议，不能登记签订日期",
        en="Document {number} is no agreement; no signing can be recorded for it.",
        where="/data/document",
    ),
    Code(
        name="already_signed",
        meaning="the day on which the agreement was signed is recorded already",
        zh="协议 {number} 的签订已登记",
        en="The signing of agreement {number} is recorded already.",
        where="/data/document",
    ),
    Code(
        name="agreement_not_signed",
        meaning="benefits resume with deduction, but the deduction agreement is not signed",
        zh="抵扣协议 {number} 尚未签订，不能按抵扣恢复待遇；签订后请先登记签订日期",
        en=(
            "Deduction agreement {number} is not signed, so benefits cannot resume by it; "
            "record its signing first."
        ),
        where="/data/with_deduction",
    ),
    Code(
        name="debtor_not_party",
        meaning="the debtor is said to be the party (本人), but bears another name or number",
        zh="债务人填为本人，但姓名或证件号码与当事人不符",
        en="The debtor is said to be the party, but bears another name or number.",
        where="/data/debtor",
    ),
    Code(
        name="debtor_dead",
        meaning="the party has died and can sign no agreement; nothing is deducted from him",
        zh="当事人已死亡，不能由其本人签订协议",
        en="The party has died and cannot sign an agreement.",
        where="/data/debtor/relation",
    ),
    Code(
        name="no_agreement_in_force",
        meaning="benefits resume with deduction, but no deduction agreement is in force",
        zh="案件没有有效的抵扣协议，不能按抵扣恢复待遇",
        en="No deduction agreement is in force, so benefits cannot resume with deduction.",
        where="/data/with_deduction",
    ),
    Code(
        name="not_a_card_of_the_case",
        meaning="paid_to is not the account number of one of the case's cards",
        zh="账号 {account} 不是案件中的待遇发放卡（折）",
        en="Account {account} is none of the case's benefit cards.",
        where="/data/paid_to",
    ),
    Code(
        name="no_stop_in_force",
        meaning="a card is to be released that no stop letter in force is about",
        zh="账号 {account} 没有有效的停止支付通知书，无从解除",
        en="No stop letter in force is about account {account}; there is nothing to release.",
        where="/data/release_card",
    ),
    Code(
        name="issuer_not_configured",
        meaning="the body that writes or receives such letters is not configured for the agency",
        zh="该经办机构没有配置 {section}，不能出具此函",
        en="The agency's section {section} is not configured, so this letter cannot be written.",
        where="/data/to, /data",
    ),
    Code(
        name="corrected_below_recovered",
        meaning="the corrected overpayments are less than what was recovered already",
        zh="更正后的多领金额 {overpaid} 元小于已追回金额 {recovered} 元",
        en="The corrected overpayment of {overpaid} is less than the {recovered} recovered.",
        where="/data/changes/overpayments",
    ),
    Code(
        name="not_called_for",
        meaning="a void document is to be replaced, but the case no longer asks for such a one",
        zh="案件现状已不需要 {number} 这类文书，只能作废，不能另发",
        en="The case no longer calls for a document like {number}; it can only be void.",
        where="/data/replace",
    ),
    Code(
        name="must_be_replaced",
        meaning="a letter that a bank must get (its stop is void or over) is to be void alone",
        zh="{number} 告知银行停止支付已作废或已结束，只能另发，不能只作废",
        en="{number} tells the bank that a stop is void or over; it can only be replaced.",
        where="/data/replace",
    ),
    Code(
        name="letter_has_left",
        meaning="a release or withdrawal that the bank has cannot be void; stop the card anew",
        zh="{number} 已送达银行，不能作废；需要时请重新停止支付",
        en="{number} is with the bank and cannot be void; stop the card anew where needed.",
        where="/data/document",
    ),
    Code(
        name="dead_party_qualified",
        meaning="a dead party is said to be still qualified; the notice is made all the same",
        zh="当事人已死亡，却登记为仍具备领取资格，请核实",
        en="The party has died and is said to be still qualified; please verify.",
        where="/data/still_qualified",
        warning=True,
    ),
)
