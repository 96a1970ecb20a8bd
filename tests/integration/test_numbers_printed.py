"""Every kind of letter prints its own number where a verification looks for it."""

import pytest

from rendering.preview import sample_document
from schemas.documents import NUMBERED, DocumentKind
from signing.printed import require_printed
from signing.verdict import Refused
from tests.building.letters import rendered_letters

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]


@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_a_letter_s_number_is_found_on_its_page_and_no_other_passes(kind: DocumentKind) -> None:
    pdf = rendered_letters()[kind].content
    planned = sample_document(kind)
    own = str(planned.number)
    assert require_printed(pdf, own)
    # other letters' numbers, and addresses
    cited = {str(value) for value in planned.data.values() if str(value).endswith("号")} - {own}
    for other in {own.replace("〔2", "〔1"), own.replace("第", "第1"), own[1:], *cited}:
        with pytest.raises(Refused) as refused:
            require_printed(pdf, other)
        assert refused.value.code == "number_contradicted"
