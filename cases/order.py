"""Why documents become void (作废), and who approved it."""

from dataclasses import dataclass

from cases.case import CaseDocument
from cases.decision import DocumentChange
from schemas.events import Approver, PublicReason


@dataclass(frozen=True, kw_only=True)
class Order:
    """Documents become void for a reason; the register keeps it, and who approved it."""

    #: printed in the register, Chinese; never in a letter
    reason: str
    #: what a bank reads instead; None: nothing was said
    public_reason: PublicReason | None = None
    #: None where the rules alone ask for it
    approved_by: Approver | None = None

    def void(self, document: CaseDocument) -> DocumentChange:
        """``document`` is void; where the bank has it, another letter has to tell the bank."""
        return DocumentChange(
            document_id=document.document_id,
            void_reason=self.reason,
            approved_by=self._approver(),
            though_sent=document.sent,
        )

    def _approver(self) -> dict[str, str] | None:
        if self.approved_by is None:
            return None
        return {"name": self.approved_by.name, "post": self.approved_by.post}
