"""``python -m tests.building.seed``: docs/seed.md, each sentence of the notice and its rule.

The notice is 湘人社规〔2022〕30号.

``words`` are the document's own, so that a test sees a sentence that has no row.
"""

import sys
from dataclasses import dataclass
from enum import StrEnum


class Share(StrEnum):
    """How much of a sentence the program carries."""

    CARRIED = "carried"
    PART = "in part"
    OPEN = "open"
    NOT_OURS = "not ours"


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One sentence of the document, or several that ask for one thing."""

    number: str
    words: str
    share: Share
    #: ``module:function``
    rules: tuple[str, ...] = ()
    #: ``file::function`` below tests/
    tests: tuple[str, ...] = ()
    #: what is missing, or whose business it is
    note: str = ""


_RULES = "unit/test_rules_"
_LETTERS = "unit/test_letters_"


def _carried(number: str, words: str, rules: tuple[str, ...], tests: tuple[str, ...]) -> Clause:
    return Clause(number=number, words=words, share=Share.CARRIED, rules=rules, tests=tests)


def _part(
    number: str, words: str, rules: tuple[str, ...], tests: tuple[str, ...], note: str
) -> Clause:
    return Clause(number=number, words=words, share=Share.PART, rules=rules, tests=tests, note=note)


def _open(number: str, words: str, note: str) -> Clause:
    return Clause(number=number, words=words, share=Share.OPEN, note=note)


def _not_ours(number: str, words: str, note: str) -> Clause:
    return Clause(number=number, words=words, share=Share.NOT_OURS, note=note)


_DEDUCTION = ("cases.schedules:schedule", "cases.letters.agreements:deduction_agreement")
_DEDUCTION_TESTS = (
    f"{_LETTERS}agreements.py::test_the_schedule_runs_from_month_to_month_and_the_last_takes_the_rest",
    f"{_LETTERS}agreements.py::test_only_an_agreement_by_the_notice_promises_a_fifth",
)
_PLANNER = "which source comes first and what a fifth is are entered by the office, not computed"
_HEIRS = "several debtors of one debt, what an estate holds, and renunciation are not kept"

CLAUSES: tuple[Clause, ...] = (
    _carried(
        "一",
        "本通知所指多领社会保险待遇困难（特殊）群体人员为",
        ("cases.opening:open_case", "cases.cards:lost_and_paid"),
        (
            f"{_RULES}opening.py::test_the_example_calls_for_the_notice_the_stop_and_two_suspension_notices_in_this_order",
            f"{_RULES}opening.py::test_two_benefits_on_two_cards_stop_both_banks",
        ),
    ),
    _part(
        "一（一）",
        "由民政、残联、乡村振兴等部门确定的",
        ("schemas.people:Group", "cases.letters.assistance_report:assistance_report"),
        ("integration/test_books.py::test_the_case_ledger_shows_groups_measures_and_documents",),
        "the group is entered with its proof, figures by group are not printed",
    ),
    _part(
        "一（二）",
        "被判处有期徒刑（含拘役）",
        ("schemas.people:Group",),
        ("integration/test_books.py::test_the_case_ledger_shows_groups_measures_and_documents",),
        "the group is entered with its proof, figures by group are not printed",
    ),
    _not_ours(
        "二（一）",
        "及时开展核查核实",
        "finding and verifying is done before an event confirms the overpayment",
    ),
    _carried(
        "二（二）",
        "立即停止发放待遇，同时告知其近亲属或相关单位",
        ("cases.opening:open_case", "cases.letters.notices:suspension_notice"),
        (
            f"{_LETTERS}notices.py::test_a_relative_is_told_that_the_overpayment_is_to_be_returned",
            f"{_RULES}opening.py::test_relatives_are_told_of_a_lost_benefit_that_is_no_longer_paid",
        ),
    ),
    _carried(
        "二（二）",
        "书面通知经办责任银行对其持有的待遇发放卡（折）停止支付",
        ("cases.stops:stop_letters", "cases.letters.bank_letters:stop_payment_letter"),
        (
            f"{_RULES}opening.py::test_two_benefits_on_one_card_stop_it_once",
            f"{_LETTERS}to_banks.py::test_a_passbook_is_called_so",
        ),
    ),
    _carried(
        "二（二）",
        "待其多领待遇资金追回后再书面通知银行进行解除止付",
        ("cases.clearing:clear", "cases.letters.bank_letters:release_payment_letter"),
        (
            "acceptance/test_main_job.py::test_the_first_case_from_confirmation_to_release",
            f"{_RULES}reversals.py::test_a_release_that_has_left_is_followed_by_a_new_stop_of_that_card",
        ),
    ),
    _carried(
        "二（二）",
        "多领社会保险待遇退回后，具备继续领取",
        ("cases.clearing:clear", "cases.resuming:approve_resumption"),
        (
            f"{_LETTERS}notices.py::test_a_resumption_at_clearing_says_that_all_came_back_and_nothing_of_an_approval",
            f"{_RULES}later_steps.py::test_an_approved_resumption_releases_the_card_and_says_why",
        ),
    ),
    _part(
        "二（三）",
        "逐人逐卡分析",
        ("cases.cards:cards_due",),
        (
            "conformance/test_cards_held.py::test_a_release_waits_for_the_other_case_and_names_its_stop",
        ),
        "one card in several cases is seen; the same overpayment twice and the way of each"
        " benefit over its card are not",
    ),
    _carried(
        "三",
        "采取责令退还、协议追回、救助帮扶、依法追缴等方式分类处理",
        ("cases.rules:decide",),
        (
            "acceptance/test_three_cases.py::test_by_agreement",
            "acceptance/test_three_cases.py::test_by_assistance",
            "acceptance/test_three_cases.py::test_by_referral_to_a_court",
        ),
    ),
    _carried(
        "三（一）",
        "下发《多领社会保险待遇追缴告知书》",
        ("cases.letters.recovery_notice:recovery_notice",),
        (f"{_LETTERS}finished.py::test_a_recovery_notice_says_annex_1_word_for_word_in_its_order",),
    ),
    _part(
        "三（一）",
        "对经告知后仍不退还的启动稽核",
        ("cases.auditing:open_audit", "cases.letters.audit_opinion:audit_opinion"),
        (
            f"{_RULES}audits.py::test_an_audit_waits_for_the_service_of_the_notice",
            f"{_RULES}audits.py::test_an_audit_waits_for_the_promised_term",
        ),
        "the auditors' own notice and record are not made",
    ),
    _carried(
        "三（一）",
        "涉嫌欺诈骗保的，各级社会保险经办机构应按相关规定程序移送",
        ("cases.referring:refer_case", "cases.letters.referral_letter:referral_letter"),
        (f"{_RULES}later_steps.py::test_a_referral_is_written_by_the_body_whose_business_it_is",),
    ),
    _part(
        "三（二）",
        "签订抵扣或还款协议",
        ("cases.agreeing:reach_agreement", "cases.agreeing:sign_agreement", *_DEDUCTION),
        (
            "acceptance/test_three_cases.py::test_by_agreement",
            f"{_RULES}agreements.py::test_agreements_over_parts_go_to_the_last_fen_and_no_further",
        ),
        "an agreement that is not kept is not followed line by line",
    ),
    _part(
        "三（三）",
        "提出申请，并提供民政",
        ("cases.assisting:report_assistance",),
        (
            "acceptance/test_three_cases.py::test_by_assistance",
            f"{_LETTERS}reports.py::test_a_report_says_who_applied_with_what_and_what_is_proposed",
        ),
        "the government's decision, its transfer and the reply are not booked",
    ),
    _part(
        "三（三）",
        "社会保险经办机构核实准确后",
        ("cases.letters.assistance_report:assistance_report",),
        (f"{_RULES}later_steps.py::test_an_assistance_report_goes_to_the_hr_department",),
        "what the government decides is not booked",
    ),
    _part(
        "三（三）",
        "也可由公益慈善机构或爱心人士",
        ("cases.repayments:record_repayment",),
        (f"{_RULES}agreements.py::test_what_others_gave_is_no_instalment",),
        "a gift is a repayment with its payer; no letter thanks or reports",
    ),
    _not_ours(
        "三（四）",
        "由有关单位依法追回",
        "the bodies that may take what is left on a card do so; a bank's answer tells the balance",
    ),
    _part(
        "三（四）",
        "对责令退还、协议抵扣以及救助帮扶后",
        ("cases.referring:refer_case",),
        (
            f"{_LETTERS}reports.py::test_each_receiver_has_its_own_ground",
            "acceptance/test_three_cases.py::test_by_referral_to_a_court",
        ),
        "the periods of review, suit and enforcement are not counted",
    ),
    _part(
        "三（四）",
        "符合失信行为情形的",
        ("cases.letters.referral_letter:referral_letter",),
        (f"{_LETTERS}reports.py::test_an_authority_that_lists_the_untrustworthy_gets_a_proposal",),
        "whether the criterion is met is the office's to say; removal has no letter",
    ),
    _not_ours("四（一）", "坚持属地管理，分级负责", "how offices share the work among themselves"),
    _part(
        "四（一）",
        "要实行台账管理",
        ("books.case_ledger:read", "cases.news:case_changed"),
        (
            "integration/test_books.py::test_the_case_ledgers_sums_are_those_of_the_events_to_the_fen",
            f"{_RULES}opening.py::test_what_is_told_is_the_example_of_the_contract",
        ),
        "figures as of an earlier day are not printed",
    ),
    _part(
        "四（一）",
        "要规范财务管理",
        ("cases.repayments:record_deposit",),
        (
            "integration/test_books.py::test_the_case_ledger_shows_what_was_deposited_and_what_is_not_yet",
        ),
        "transfers that nobody can match and refunds are not kept",
    ),
    _not_ours("四（一）", "要加强源头控制", "done by those who certify and compare data"),
    _not_ours("四（二）", "追缴工作会商机制", "meetings of the departments"),
    _part(
        "四（二）",
        "对拒不配合、缠访闹访人员以及涉嫌欺诈骗保",
        ("cases.letters.referral_letter:referral_letter",),
        (f"{_LETTERS}reports.py::test_each_receiver_has_its_own_ground",),
        "clues about an office's own people have no letter",
    ),
    _not_ours("四（三）", "大力宣传《社会保险法》", "publicity"),
    _open(
        "尾",
        "有效期 5 年",
        "templates name the norm themselves; nothing warns before it ends on 2027-08-17",
    ),
    _carried(
        "附件1",
        "多领社会保险待遇追缴告知书",
        ("cases.letters.recovery_notice:recovery_notice",),
        (
            f"{_LETTERS}recovery_notice.py::test_the_lump_sum_is_ticked_and_filled_and_the_other_ways_stay_blank",
            f"{_LETTERS}recovery_notice.py::test_several_overpayments_have_a_row_each_and_a_total",
        ),
    ),
    _carried(
        "告知事项1",
        "1.离退休人员死亡的",
        ("cases.cards:lost_and_paid",),
        (f"{_RULES}opening.py::test_letters_about_stopping_need_the_day_from_which",),
    ),
    _carried(
        "告知事项2",
        "2.退休人员被判处拘役",
        ("cases.cards:lost_and_paid",),
        (f"{_RULES}opening.py::test_letters_about_stopping_need_the_day_from_which",),
    ),
    *(
        _part(f"告知事项{words.partition('.')[0]}", words, _DEDUCTION, _DEDUCTION_TESTS, note)
        for words, note in (
            ("3.参保人员重复领取职工基本养老保险待遇", _PLANNER),
            ("4.参保人员重复领取职保待遇和城乡居民待遇的", _PLANNER),
            ("5.因工死亡职工近亲属违规领取", f"{_PLANNER}; {_HEIRS}"),
            ("6.重复领取职保待遇与一级至四级", _PLANNER),
            ("7.抵扣期间死亡的", f"{_PLANNER}; {_HEIRS}"),
            ("9.服刑人员和被采取强制措施", f"{_PLANNER}; {_HEIRS}"),
            ("10.参保人员违规领取失业保险待遇", _PLANNER),
        )
    ),
    _part(
        "告知事项8",
        "8.参保人员死亡后其遗属重复领取",
        ("cases.letters.agreements:deduction_agreement",),
        (f"{_LETTERS}agreements.py::test_a_benefit_that_is_paid_once_is_deducted_from_once",),
        "the month within which it is to come back is not counted",
    ),
    _carried(
        "告知事项11",
        "11.以欺诈、伪造证明材料",
        ("cases.referring:refer_case",),
        (f"{_LETTERS}reports.py::test_the_police_alone_read_of_the_rules_for_crimes",),
    ),
    _carried("告知事项12", "12.协议抵扣可以从其他社保待遇中抵扣", _DEDUCTION, _DEDUCTION_TESTS),
    _part(
        "承诺内容",
        "本人已阅知上述内容",
        ("cases.deadlines:repayment_day", "cases.agreements:promised"),
        ("conformance/test_deadlines.py::test_what_is_paid_after_its_deadline_is_no_longer_due",),
        "a promised lump sum has its day; instalments are not followed line by line",
    ),
    _carried(
        "附件2",
        "社会保险稽核意见书（参考范例）",
        ("cases.letters.audit_opinion:audit_opinion", "ledger.series:locked"),
        (
            f"{_LETTERS}finished.py::test_an_audit_opinion_says_annex_2_word_for_word_in_its_order",
            "acceptance/test_main_job.py::test_the_audit_opinion_is_over_what_was_outstanding",
        ),
    ),
)


def page() -> str:
    """docs/seed.md."""
    counts = {share: sum(each.share is share for each in CLAUSES) for share in Share}
    lines = [
        "# 湘人社规〔2022〕30号, sentence by sentence",
        "",
        "What the notice of the province asks for, the function that carries it, and its tests.",
        "`python -m tests.building.seed` prints this page; a test fails where a sentence has no",
        "row, or a function or test of it is gone.",
        "",
        ", ".join(f"{share.value}: {count}" for share, count in counts.items()) + ".",
        "",
        "| clause | words | | rule | tests | what is missing, or whose it is |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        "| "
        + " | ".join(
            (
                each.number,
                each.words,
                each.share.value,
                "<br>".join(f"`{rule}`" for rule in each.rules),
                "<br>".join(f"`{test}`" for test in each.tests),
                each.note,
            )
        )
        + " |"
        for each in CLAUSES
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
