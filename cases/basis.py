"""What a document was made from beside the case's facts: a model a kind, kept as JSON with it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import ConfigDict, PlainSerializer

from schemas.events import Event, OverpaymentConfirmed
from schemas.fields import Strict

#: an amount in yuan as the ledger keeps it: two digits after the point
Yuan = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str)]
#: a moment as the ledger keeps it, with the offset that its event gave
Moment = Annotated[datetime, PlainSerializer(datetime.isoformat, return_type=str)]


class Basis(Strict):
    """With it a document can be made anew; of a kind that needs no more than the facts, empty."""

    # a release that comes later may keep more; built when a document is first read or drafted
    model_config = ConfigDict(extra="ignore", defer_build=True)

    #: members that are left out of the JSON while they are None
    UNSAID: ClassVar[frozenset[str]] = frozenset()

    def stored(self) -> dict[str, Any]:
        """As the JSON that the ledger keeps."""
        return _without(self.model_dump(mode="json", by_alias=True), self.UNSAID)

    @property
    def said(self) -> Strict | None:
        """What the event said that called for the document; None where another may follow."""
        return None

    @property
    def told(self) -> Decimal | None:
        """Yuan that came back, as the document tells it; None where it tells nothing of that."""
        return None

    @property
    def fixed(self) -> Decimal | None:
        """Yuan that were agreed or verified in it; None where nothing was."""
        return None

    def called_at(self, event: Event) -> bool:  # noqa: ARG002 -- of those that keep a moment
        """Whether it says what was owed at the very moment of ``event``."""
        return False

    def renewed(
        self,
        facts: OverpaymentConfirmed,  # noqa: ARG002 -- of those that keep a part of them
        recovered: Decimal | None,  # noqa: ARG002
    ) -> Self:
        """From what the document is made anew, by the ``facts`` as they now stand.

        ``recovered`` yuan came back until now; None: what it tells of that stays.
        """
        return self


class MoneyBasis(Basis):
    """Of a document that tells how much had come back."""

    UNSAID = frozenset({"moment"})

    recovered: Yuan
    #: of the event that called for it; None once it was made anew, and of an old release
    moment: Moment | None = None

    @property
    def told(self) -> Decimal:
        """Yuan that had come back."""
        return self.recovered

    def called_at(self, event: Event) -> bool:
        """Whether it says what was owed at the very moment of ``event``."""
        return self.moment == event.time

    def renewed(self, facts: OverpaymentConfirmed, recovered: Decimal | None) -> Self:  # noqa: ARG002
        """Of no moment any more, and over ``recovered`` yuan where that is said."""
        return self.model_copy(update={"moment": None, **over(recovered)})


def over(recovered: Decimal | None) -> Mapping[str, Decimal]:
    """The change to a basis that ``recovered`` is; none for None."""
    return {} if recovered is None else {"recovered": recovered}


def _without(whole: dict[str, Any], unsaid: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if value is not None or name not in unsaid}
