"""Every builder gives what its template asks for, and the annexes stand word for word."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cases import letters
from cases.letters import Data, audit_opinion, finish, recovery_notice
from schemas.configuration import DEFAULT_SERIES
from schemas.documents import NUMBERED, DocumentKind, DocumentNumber, Issuer
from schemas.events import AuditOpened, PublicReason
from templates.catalogue import load
from templates.manifest import misfits
from tests.building.events import facts_of, from_example
from tests.building.paper import AGENCY
from tests.building.words import STOP, letter_text

EXAMPLES = Path(__file__).parent.parent / "examples"
NUMBER = DocumentNumber(series="稽（待遇）字", year=2026, seq=2)
DAY = date(2026, 6, 2)
FACTS = facts_of(from_example("01"))
CARD = FACTS.benefit_cards[0]
AUDIT = from_example("04").data
assert isinstance(AUDIT, AuditOpened)

#: what each builder is called with beside the facts
_ARGUMENTS: dict[DocumentKind, tuple[object, ...]] = {
    DocumentKind.RECOVERY_NOTICE: (),
    DocumentKind.AUDIT_OPINION: (AUDIT, Decimal("3465.30")),
    DocumentKind.STOP_PAYMENT_LETTER: (CARD, DAY),
    DocumentKind.RELEASE_PAYMENT_LETTER: (CARD, STOP),
    DocumentKind.STOP_WITHDRAWAL_LETTER: (CARD, STOP, PublicReason.WRONG_ACCOUNT),
    DocumentKind.SUSPENSION_NOTICE: (FACTS.notify[0],),
    DocumentKind.RESUMPTION_NOTICE: (Decimal("3465.30"),),
    DocumentKind.DEDUCTION_AGREEMENT: (from_example("31").data,),
    DocumentKind.REPAYMENT_AGREEMENT: (from_example("31").data,),
    DocumentKind.ASSISTANCE_REPORT: (from_example("61").data, Decimal("100.00")),
    DocumentKind.REFERRAL_LETTER: (from_example("51").data, Decimal("100.00")),
}
#: numbers of other documents, which the caller fills in
_NOTICE = {"notice_number": "稽（待遇）字〔2026〕第1号"}
_BOTH = _NOTICE | {"opinion_number": "稽（待遇）字〔2026〕第5号"}
_DATES = dict.fromkeys(
    ("notice_issued_on", "notice_served_on", "opinion_issued_on", "opinion_served_on"), ""
)
_NUMBERS: dict[DocumentKind, dict[str, str]] = {
    DocumentKind.STOP_WITHDRAWAL_LETTER: {"new_stop_number": ""},
    DocumentKind.DEDUCTION_AGREEMENT: _NOTICE,
    DocumentKind.REPAYMENT_AGREEMENT: _NOTICE,
    DocumentKind.ASSISTANCE_REPORT: _BOTH,
    DocumentKind.REFERRAL_LETTER: _BOTH | _DATES,
}


def finished(kind: DocumentKind) -> Data:
    builder: Callable[..., Data] = getattr(letters, kind.value)
    number = DocumentNumber(series=DEFAULT_SERIES[kind], year=2026, seq=2)
    issuer = (Issuer.AGENCY,) if kind is DocumentKind.REFERRAL_LETTER else ()
    data = builder(FACTS, *_ARGUMENTS[kind], AGENCY, *issuer)
    return finish(kind, data | _NUMBERS.get(kind, {}), number, DAY)


@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_a_builder_gives_exactly_what_its_template_asks_for(kind: DocumentKind) -> None:
    assert list(misfits(load(kind).manifest, finished(kind))) == []


@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_a_letter_prints_its_number_date_and_party(kind: DocumentKind) -> None:
    text = letter_text(kind, finished(kind))
    assert f"{DEFAULT_SERIES[kind]}〔2026〕第2号" in text
    assert "2026年6月2日" in text
    assert "刘德厚" in text
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_a_default_series_is_the_manifests(kind: DocumentKind) -> None:
    assert load(kind).manifest.series == DEFAULT_SERIES[kind]


@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_a_letter_says_which_void_one_it_replaces_and_nothing_where_there_is_none(
    kind: DocumentKind,
) -> None:
    plain = finished(kind)
    assert "代替" not in letter_text(kind, plain)
    text = letter_text(kind, plain | {"replaces_number": "稽（待遇）字〔2026〕第1号"})
    assert "\n（本件代替稽（待遇）字〔2026〕第1号，该件作废。）\n" in text


def test_data_is_finished_once() -> None:
    kind = DocumentKind.RECOVERY_NOTICE
    with pytest.raises(ValueError, match="finished already"):
        finish(kind, finished(kind), NUMBER, DAY)


def squeezed(text: str) -> str:
    """``text`` without white space, full and half width alike."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def sentences(name: str) -> list[re.Pattern[str]]:
    """Each line of the annex, a blank in it standing for whatever fills it."""
    lines = (EXAMPLES / name).read_text(encoding="utf-8").splitlines()
    return [re.compile(".*?".join(map(re.escape, re.split("_+", squeezed(li))))) for li in lines]


def without_words(text: str) -> str:
    """``text`` with each 大写 as the form has it blank: it takes the place of the printed 元."""
    return re.sub(r"(?<=大写)[^)]+(?=\))", "元", text)


def assert_in_order(text: str, wanted: list[re.Pattern[str]]) -> None:
    at = 0
    for pattern in wanted:
        match = pattern.search(text, at)
        assert match is not None, pattern.pattern
        at = match.end()


@pytest.mark.parametrize("example", ["01", "11", "21"])
def test_a_recovery_notice_says_annex_1_word_for_word_in_its_order(example: str) -> None:
    data = recovery_notice(facts_of(from_example(example)), AGENCY)
    kind = DocumentKind.RECOVERY_NOTICE
    text = squeezed(letter_text(kind, finish(kind, data, NUMBER, DAY)))
    assert_in_order(without_words(text.replace("☑", "☐")), sentences("annex1.txt"))


def test_an_audit_opinion_says_annex_2_word_for_word_in_its_order() -> None:
    kind = DocumentKind.AUDIT_OPINION
    event = from_example("04", addressee=None).data
    assert isinstance(event, AuditOpened)
    data = audit_opinion(FACTS, event, Decimal("3465.30"), AGENCY)
    text = squeezed(letter_text(kind, finish(kind, data, NUMBER, DAY)))
    assert_in_order(without_words(text), sentences("annex2.txt"))


def test_what_looks_like_a_mark_or_like_xml_is_printed_as_it_is() -> None:
    kind = DocumentKind.RECOVERY_NOTICE
    facts = facts_of(from_example("21"))
    text = letter_text(kind, finish(kind, recovery_notice(facts, AGENCY), NUMBER, DAY))
    assert facts.facts in text
    assert '<甲&乙> "丙" {{ 丁 }} {% 戊 %}' in text
