"""Repayments: recorded, deposited in the fund's account, reversed."""

from cases.case import Case, CaseDocument, CaseState, Repayment
from cases.clearing import clear, reopen
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.money import written
from cases.news import case_changed
from cases.order import Order
from cases.overtaking import with_overtaken
from cases.rewriting import Rewriting
from cases.stops import measures
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.errors import Invalid
from schemas.events import Event, RepaymentDeposited, RepaymentRecorded, RepaymentReversed


def record_repayment(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The money counts; at exactly zero outstanding the case is cleared.

    Raises Invalid: ``receipt_repeated`` (a reversed one stays taken, or a later reversal could
    not tell the two apart), ``exceeds_outstanding``, both where both hold.
    """
    data, case = data_of(event, RepaymentRecorded), standing.opened
    problems = _problems(data, case)
    if problems:
        raise Invalid(problems)
    paid = case.model_copy(update={"repayments": (*case.repayments, _repayment(data, event))})
    if paid.outstanding == 0:
        decision = clear(paid, standing.documents, surroundings.agency)
    else:
        decision = Decision(case=paid, news=(case_changed(paid, measures(standing.documents)),))
    return with_overtaken(decision, standing, event, surroundings.agency)


def record_deposit(standing: Standing, event: Event, _surroundings: Surroundings) -> Decision:
    """The day on which the money was paid into 财政专户 stands with its repayment.

    Raises Invalid: ``no_such_repayment``, ``already_reversed``, ``already_deposited``,
    ``deposited_before_received``.
    """
    data, case = data_of(event, RepaymentDeposited), standing.opened
    known = _counting(case, data.receipt_no)
    if known.deposited_on is not None:
        values = {"deposited_on": known.deposited_on}
        raise Invalid([Problem.of("/data/receipt_no", "already_deposited", **values)])
    if data.deposited_on < known.received_on:
        values = {"received_on": known.received_on}
        raise Invalid([Problem.of("/data/deposited_on", "deposited_before_received", **values)])
    return Decision(case=_with(case, known, deposited_on=data.deposited_on))


def reverse_repayment(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The money counts no longer; a cleared case is open again.

    Raises Invalid: ``no_such_repayment``, ``already_reversed``.
    """
    data, case = data_of(event, RepaymentReversed), standing.opened
    owing = _with(case, _counting(case, data.receipt_no), reversed=True)
    if case.state is CaseState.CLEARED:
        return _reopened(owing, standing.documents, event, surroundings.agency)
    return Decision(case=owing, news=(case_changed(owing, measures(standing.documents)),))


def _reopened(
    owing: Case, documents: tuple[CaseDocument, ...], event: Event, agency: Agency
) -> Decision:
    order = _order(data_of(event, RepaymentReversed))
    work = Rewriting(documents, order, agency)
    opened = reopen(owing, work, event, agency)
    work.settle_followers(opened)
    return work.decision(opened)


def _order(data: RepaymentReversed) -> Order:
    reason = "还款已冲正，案件恢复追缴"
    told = reason if data.reason is None else f"{reason}：{data.reason}"
    return Order(reason=told, approved_by=data.approved_by)


def _problems(data: RepaymentRecorded, case: Case) -> list[Problem]:
    problems = []
    if any(known.receipt_no == data.receipt_no for known in case.repayments):
        problems.append(Problem.of("/data/receipt_no", "receipt_repeated"))
    if data.amount > case.outstanding:
        amounts = {"amount": written(data.amount), "outstanding": written(case.outstanding)}
        problems.append(Problem.of("/data/amount", "exceeds_outstanding", **amounts))
    return problems


def _repayment(data: RepaymentRecorded, event: Event) -> Repayment:
    return Repayment(
        receipt_no=data.receipt_no,
        amount=data.amount,
        received_on=data.received_on,
        deposited_on=data.deposited_on,
        channel=data.channel.value,
        payer=data.payer,
        still_qualified=data.still_qualified,
        time=event.time,
    )


def _counting(case: Case, receipt_no: str) -> Repayment:
    """The repayment ``receipt_no``, which counts."""
    known = next((r for r in case.repayments if r.receipt_no == receipt_no), None)
    if known is None:
        raise Invalid([Problem.of("/data/receipt_no", "no_such_repayment")])
    if known.reversed:
        raise Invalid([Problem.of("/data/receipt_no", "already_reversed")])
    return known


def _with(case: Case, known: Repayment, **changes: object) -> Case:
    """The case with ``changes`` to the repayment ``known``."""
    changed = known.model_copy(update=changes)
    repayments = tuple(changed if r is known else r for r in case.repayments)
    return case.model_copy(update={"repayments": repayments})
