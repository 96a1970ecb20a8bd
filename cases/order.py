"""Why a document becomes void (作废), and who approved it."""

from dataclasses import dataclass

from cases.case import CaseDocument
from cases.decision import DocumentChange
from schemas.events import Approver


@dataclass(frozen=True, kw_only=True)
class Order:
    """Somebody approved that documents become void; the register keeps both."""

    #: printed in the register, Chinese
    reason: str
    approved_by: Approver

    def void(self, document: CaseDocument) -> DocumentChange:
        """``document`` is void; where the bank has it, another letter has to tell the bank."""
        return DocumentChange(
            document_id=document.document_id,
            void_reason=self.reason,
            approved_by={"name": self.approved_by.name, "post": self.approved_by.post},
            though_sent=document.sent,
        )
