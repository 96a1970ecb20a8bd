"""The codes of numbers with check digits and of rules that compare members; the warnings."""

from schemas.code import Code

NUMBER_CODES = (
    Code(
        name="id_number_15",
        meaning="a 15-digit number of the first generation of identity cards",
        zh="15 位旧身份证号码不再接受，请填写 18 位公民身份号码",
        en="Old 15-digit ID numbers are refused; give the 18-digit number.",
        where="id_number with id_type resident_id",
    ),
    Code(
        name="id_number_format",
        meaning="not 17 digits and a check character (GB 11643)",
        zh="公民身份号码应为 17 位数字加 1 位校验码（数字或大写 X）",
        en="A resident ID number has 17 digits and a check character (a digit or capital X).",
        where="id_number with id_type resident_id",
    ),
    Code(
        name="id_birth_date",
        meaning="digits 7 to 14 are not a real date of birth (GB 11643)",
        zh="公民身份号码中的出生日期不存在",
        en="The date of birth in the resident ID number does not exist.",
        where="id_number with id_type resident_id",
    ),
    Code(
        name="id_number_check",
        meaning="the check character does not fit (GB 11643, ISO 7064 MOD 11-2)",
        zh="公民身份号码校验码不符",
        en="The check character of the resident ID number does not fit.",
        where="id_number with id_type resident_id",
    ),
    Code(
        name="account_number_format",
        meaning="an account number is not 8 to 32 digits",
        zh="账号应为 8 至 32 位数字",
        en="An account number has 8 to 32 digits.",
        where="account_number, paid_to",
    ),
    Code(
        name="bank_code_format",
        meaning="a bank code is not 12 digits (CNAPS)",
        zh="联行号应为 12 位数字",
        en="A bank code has 12 digits.",
        where="bank_code",
    ),
    Code(
        name="bank_code_check",
        meaning="the last digit of a bank code does not fit (ISO 7064 MOD 11,10)",
        zh="联行号校验位不符",
        en="The check digit of the bank code does not fit.",
        where="bank_code",
    ),
    Code(
        name="document_number_format",
        meaning="not a document number of the register, 〔〕 and full-width parentheses included",
        zh="文号格式应如：稽（待遇）字〔2026〕第12号",
        en="A document number is written like 稽（待遇）字〔2026〕第12号.",
        where="/data/document/number",
    ),
)

RULE_CODES = (
    Code(
        name="subject_mismatch",
        meaning="the envelope's subject is not the case of the data",
        zh="subject 与 data.case_no 不一致",
        en="The subject is not the case number of the data.",
        where="/subject",
    ),
    Code(
        name="period_reversed",
        meaning="a period ends before it starts",
        zh="终止月份 {to} 早于开始月份 {start}",
        en="The period ends ({to}) before it starts ({start}).",
        where="/data/overpayments/*/to, /data/repayment/to",
    ),
    Code(
        name="period_before_1951",
        meaning="a benefit period lies before 1951, when social insurance began",
        zh="待遇期间不得早于 1951 年",
        en="No benefit period lies before 1951.",
        where="/data/overpayments/*/from",
    ),
    Code(
        name="paid_to_not_a_card",
        meaning="paid_to is not the account number of one of benefit_cards",
        zh="账号 {account} 不在 benefit_cards 之中",
        en="Account {account} is not among benefit_cards.",
        where="/data/overpayments/*/paid_to",
    ),
    Code(
        name="card_repeated",
        meaning="two of benefit_cards have the same account number",
        zh="账号 {account} 在 benefit_cards 中重复",
        en="Account {account} stands more than once in benefit_cards.",
        where="/data/benefit_cards/*/account_number",
    ),
    Code(
        name="stop_from_required",
        meaning="a stop letter or a suspension notice is due, and stop_from is not given",
        zh="应发停止支付通知书或停发待遇告知书，stop_from 必填",
        en="A stop letter or a suspension notice is due, so stop_from is needed.",
        where="/data/stop_from",
    ),
    Code(
        name="lump_sum_mismatch",
        meaning="a lump sum is not the sum of the overpayments",
        zh="一次性退还金额 {amount} 元与多领合计 {total} 元不等",
        en="The lump sum of {amount} is not the total of {total}.",
        where="/data/repayment/amount",
    ),
    Code(
        name="periods_mismatch",
        meaning="the number of instalments is not the number of months from–to",
        zh="分期期数 {periods} 与起止月份的月数 {months} 不等",
        en="There are {periods} instalments, but {months} months from first to last.",
        where="/data/repayment/periods",
    ),
    Code(
        name="rate_mismatch",
        meaning="(n-1) x rate < total <= n x rate does not hold",
        zh="每月 {rate} 元共 {months} 个月，与多领合计 {total} 元不符",
        en="{months} months of {rate} do not pay back the total of {total}, no more and no less.",
        where="/data/repayment/per_period, /data/repayment/per_month",
    ),
    Code(
        name="deduction_from_dead",
        meaning="a deduction from the benefit of a party who has died",
        zh="当事人已死亡，不能从其本人待遇中按月抵扣",
        en="The party has died; nothing can be deducted from his own benefit.",
        where="/data/repayment/method",
    ),
    Code(
        name="relation_unexpected",
        meaning="only a relative has a relation to the party",
        zh="仅近亲属填写与当事人关系",
        en="Only a relative has a relation to the party.",
        where="/data/notify/*/relation",
    ),
    Code(
        name="selector_shape",
        meaning="a document is named by number, by reference, or by kind with what it needs",
        zh="文书须以 number、reference 或 kind（可附 account_number 或 recipient）之一指明",
        en=(
            "Name the document by number, or reference, or kind "
            "(with account_number or recipient where needed), one of them only."
        ),
        where="/data/document",
    ),
    Code(
        name="executed_at_required",
        meaning="a receipt says executed, but not when",
        zh="回执为已执行，须填写 executed_at",
        en="The receipt says executed, so executed_at is needed.",
        where="/data/executed_at",
    ),
    Code(
        name="executed_at_unexpected",
        meaning="a receipt says refused, and yet when it was executed",
        zh="回执为未执行，不得填写 executed_at",
        en="The receipt says refused, so there can be no executed_at.",
        where="/data/executed_at",
    ),
)

WARNING_CODES = (
    Code(
        name="luhn",
        meaning="a card number fails Luhn's check (ISO/IEC 7812-1)",
        zh="卡号 {account} 未通过 Luhn 校验，请核对",
        en="Card number {account} fails Luhn's check; compare it with the card.",
        where="/data/benefit_cards/*/account_number",
        warning=True,
    ),
    Code(
        name="deadline_past",
        meaning="a deadline lies before the day of the event",
        zh="期限 {deadline} 已过",
        en="The deadline {deadline} lies in the past.",
        where="/data/deadline, /data/repayment/by",
        warning=True,
    ),
    Code(
        name="overpaid_before_death",
        meaning="an overpayment of a dead party starts before the day of death",
        zh="多领开始月份 {start} 早于死亡日期 {died_on}",
        en="The overpayment starts in {start}, before the death on {died_on}.",
        where="/data/overpayments/*/from",
        warning=True,
    ),
    Code(
        name="basis_ending",
        meaning="the basis document ends soon or has ended",
        zh="依据文件湘人社规〔2022〕30号有效期至 {until}，请确认仍然适用",
        en="The basis, 湘人社规〔2022〕30号, ends on {until}; see that it still applies.",
        where="/time",
        warning=True,
    ),
    Code(
        name="paid_to_unknown",
        meaning="a lost benefit is still paid to a card that is not known",
        zh="待遇仍在发放而发放账户不明，无法通知银行停止支付",
        en="A lost benefit is still paid to an unknown card; no bank can be told to stop.",
        where="/data/overpayments/*/paid_to",
        warning=True,
    ),
)
