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
        meaning="an audit is opened, but everything has been repaid",
        zh="案件已无未退还金额，不能启动稽核",
        en="Nothing is outstanding; there is nothing to audit.",
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
        name="dead_party_qualified",
        meaning="a dead party is said to be still qualified; the notice is made all the same",
        zh="当事人已死亡，却登记为仍具备领取资格，请核实",
        en="The party has died and is said to be still qualified; please verify.",
        where="/data/still_qualified",
        warning=True,
    ),
)
