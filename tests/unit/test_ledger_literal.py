"""Values in a statement's text: those that are ours, and no others."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from ledger.literal import is_exactly, is_one_of
from ledger.tables import outbox
from schemas.documents import DocumentState


@pytest.mark.parametrize("module", [sqlite, postgresql])
def test_the_values_stand_in_the_text_and_not_beside_it(module: Any) -> None:
    states = [DocumentState.PLANNED, DocumentState.PINNED]
    query = select(outbox.c.seq).where(
        is_one_of(outbox.c.state, states), is_exactly(outbox.c.type, "void")
    )
    compiled = query.compile(dialect=module.dialect())
    assert "outbox.state IN ('planned', 'pinned')" in str(compiled)
    assert "outbox.type = 'void'" in str(compiled)
    assert compiled.params == {}


@pytest.mark.parametrize("value", ["", "a'b", "a b", "x'; DROP TABLE outbox; --", "案件"])
def test_what_is_no_name_of_ours_does_not_get_there(value: str) -> None:
    with pytest.raises(ValueError, match="does not stand in a statement"):
        is_exactly(outbox.c.state, value)
    with pytest.raises(ValueError, match="does not stand in a statement"):
        is_one_of(outbox.c.state, ["planned", value])
