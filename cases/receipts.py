"""letter.receipted: a bank's 回执 is kept with its letter, and a refusal is told on.

A receipt may be known before our own record that the letter left: both wait in queues, and
what waits is applied in the order of its time.
"""

from cases.case import Case, CaseDocument, CaseState, Receipt
from cases.decision import (
    Alarm,
    Decision,
    DocumentChange,
    Standing,
    Surroundings,
    data_of,
)
from cases.kinds.bank_letter import approval
from cases.news import letter_refused
from cases.order import Order
from cases.rewriting import Rewriting
from cases.selecting import select
from cases.stops import due_end, end_letter
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.documents import BANK_LETTERS, DocumentKind
from schemas.errors import Invalid
from schemas.events import Event, LetterReceipted, Result

#: why a release or withdrawal that has not left gives way, by what takes its place
_GIVES_WAY = {
    DocumentKind.STOP_WITHDRAWAL_LETTER: "银行回执载明停止支付未执行，改发撤回停止支付通知书",
    DocumentKind.RELEASE_PAYMENT_LETTER: "银行回执载明停止支付已执行，改发解除止付通知书",
}


def record_receipt(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The receipt is recorded on its letter; a refusal raises an alarm and is told upstream.

    The latest answer by time counts: an older one that comes late is kept and changes nothing.
    A release that has not left gives way to a withdrawal where the bank now says that it never
    stopped, and the other way round. Raises Invalid: those of ``select``; ``not_found`` where a
    bank answers for what is not its own; ``not_a_bank_letter``; ``bank_mismatch``;
    ``receipt_repeated``.
    """
    data, case = data_of(event, LetterReceipted), standing.opened
    letter = _letter(data, standing.documents, surroundings)
    receipt = _receipt(data, event)
    _check(letter, receipt)
    answered = letter.model_copy(update={"receipts": (*letter.receipts, receipt)})
    work = _settled(case, answered, standing.documents, surroundings.agency)
    refused = answered.answer is receipt and not receipt.executed
    return Decision(
        case=case,
        drafts=tuple(work.drafts),
        changes=(DocumentChange(document_id=letter.document_id, receipt=receipt), *work.changes),
        news=(letter_refused(case, letter, receipt),) if refused else (),
        alarms=(*((_alarm(letter),) if refused else ()), *work.alarms),
    )


def _letter(
    data: LetterReceipted, documents: tuple[CaseDocument, ...], surroundings: Surroundings
) -> CaseDocument:
    """The letter that the receipt is for, among those that the sender may know of."""
    # a bank may answer a letter that was made void after it had left
    alive = tuple(d.model_copy(update={"void": d.void and not d.sent}) for d in documents)
    if surroundings.answering_bank is None:
        return _as_it_stands(select(data.document, alive), documents)
    names = surroundings.bank_names or {}
    own = tuple(
        document
        for document in alive
        if document.bank_code is not None
        and names.get(document.bank_code) == surroundings.answering_bank
    )
    try:
        return _as_it_stands(select(data.document, own), documents)
    except Invalid as error:
        if any(problem.code == "no_such_document" for problem in error.problems):
            # whether another bank's letter is there is none of this bank's business
            raise Invalid([Problem.of("/data/document", "not_found")]) from None
        raise


def _as_it_stands(found: CaseDocument, documents: tuple[CaseDocument, ...]) -> CaseDocument:
    return next(d for d in documents if d.document_id == found.document_id)


def _receipt(data: LetterReceipted, event: Event) -> Receipt:
    return Receipt(
        bank_code=data.bank_code,
        received_at=data.received_at,
        executed=data.result is Result.EXECUTED,
        executed_at=data.executed_at,
        balance=data.balance,
        reason=data.reason,
        clerk=data.clerk,
        time=event.time,
    )


def _check(letter: CaseDocument, receipt: Receipt) -> None:
    if letter.kind not in BANK_LETTERS:
        raise Invalid([Problem.of("/data/document", "not_a_bank_letter", number=letter.number)])
    if letter.bank_code != receipt.bank_code:
        raise Invalid([Problem.of("/data/bank_code", "bank_mismatch", number=letter.number)])
    if any(_same_fact(receipt, known) for known in letter.receipts):
        raise Invalid([Problem.of("/data", "receipt_repeated")])


def _same_fact(one: Receipt, other: Receipt) -> bool:
    """Whether two receipts say the same, whoever at the bank wrote them down, and when."""
    return (one.received_at, one.executed, one.executed_at) == (
        other.received_at,
        other.executed,
        other.executed_at,
    )


def _settled(
    case: Case, stop: CaseDocument, documents: tuple[CaseDocument, ...], agency: Agency
) -> Rewriting:
    """What the answered ``stop`` asks of the letter that ends it, where that has not left."""
    work = Rewriting(documents, Order(reason=_GIVES_WAY[due_end(stop)]), agency)
    end = stop.ended_by(documents)
    if stop.void or end is None or end.sent or end.kind is due_end(stop):
        return work
    approved = approval(end)
    if approved is None and case.state is not CaseState.CLEARED:
        return work
    work.void(end)
    work.add(end_letter(case.facts, stop, agency, approved))
    work.settle_followers(case)
    return work


def _alarm(letter: CaseDocument) -> Alarm:
    details = {"document_id": letter.document_id, "kind": letter.kind.value}
    return Alarm(name="letter_refused", details=details)
