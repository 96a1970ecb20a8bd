"""Three cases from confirmation to closing, and one that was corrected: every letter is read."""

import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.building.events import Json, example
from tests.building.installation import Installation, example_file

pytestmark = [pytest.mark.office, pytest.mark.timeout(600)]


class Telling:
    """Tells one case's events to an installation, and reads what its letters say."""

    def __init__(self, installation: Installation, folder: Path, opening: str) -> None:
        self._installation = installation
        self._folder = folder
        self._opening = example(opening)
        self._time = datetime.fromisoformat(self._opening["time"])
        self.case_no: str = self._opening["data"]["case_no"]
        installation.publish(example_file(opening))

    def tell(self, of_example: str, **changes: Any) -> None:
        """The example's event, an hour after the last one, about this case."""
        self._time += timedelta(hours=1)
        event = example(of_example)
        event["data"] |= {"case_no": self.case_no} | changes
        event |= {"id": f"{self.case_no}-at-{self._time:%H}", "subject": self.case_no}
        event["time"] = self._time.isoformat()
        file = self._folder / f"{self._time:%d%H}.json"
        file.write_text(json.dumps(event, ensure_ascii=False), encoding="utf-8")
        self._installation.publish(file)

    def work(self) -> None:
        """All that can be done now is done; nothing was rejected, nothing failed."""
        self._installation.run("work", "--drain")
        assert self._installation.rows("events", "rejected") == []

    def case(self) -> Json:
        (found,) = self._installation.rows("case", "show", self.case_no)
        return found

    def numbers(self, kind: str, state: str = "announced") -> list[str]:
        rows = self._installation.rows("register")
        return [r["number"] for r in rows if (r["kind"], r["state"]) == (kind, state)]

    def read(self, kind: str) -> str:
        """The text of the one letter of ``kind`` in force, without blanks; it is genuine."""
        (number,) = self.numbers(kind)
        file = self._folder / "letter.pdf"
        self._installation.run("documents", "get", number, "-o", str(file))
        self._installation.run("verify", str(file))
        ended = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True)
        text = "".join(ended.stdout.decode().split())
        assert number in text
        return text


def demand(text: str, *words: str) -> None:
    assert [word for word in words if "".join(word.split()) not in text] == []


@pytest.fixture
def telling(request: pytest.FixtureRequest, tmp_path: Path) -> Telling:
    """A case that begins with an example, told to an installation."""
    fixture, opening = request.param
    return Telling(request.getfixturevalue(fixture), tmp_path, opening)


def told(opening: str, *fixtures: str) -> pytest.MarkDecorator:
    """The case that begins with the example ``opening``, on each of ``fixtures``."""
    cases = [(fixture, opening) for fixture in fixtures or ("embedded",)]
    return pytest.mark.parametrize("telling", cases, indirect=True, ids=[c[0] for c in cases])


@told("11", "embedded", "on_servers")
def test_by_agreement(telling: Telling) -> None:
    telling.tell("31")
    telling.tell("32", signed_on="2026-03-05")
    telling.tell("52")
    telling.work()
    notice = telling.read("recovery_notice")
    demand(notice, "买买提·吐尔逊", "65010219560811501X", "2079.18元", "16409.02元", "18488.20元")
    (notice_number,) = telling.numbers("recovery_notice")
    agreement = telling.read("deduction_agreement")
    demand(agreement, notice_number, "18488.20", "900.00", "壹万捌仟肆佰捌拾捌元贰角")
    # the last instalment takes the rest to the fen: 18488.20 − 20 × 900.00
    demand(agreement, "2026年9月", "2028年5月", "488.20", "供养亲属抚恤金", "1823.22")
    (agreement_number,) = telling.numbers("deduction_agreement")
    resumption = telling.read("resumption_notice")
    demand(resumption, agreement_number, "2026年9月", "900.00", "1823.22", "5678")
    release = telling.read("release_payment_letter")
    demand(release, "605510012200345678", "继续抵扣追回", telling.numbers("stop_payment_letter")[1])
    telling.tell("05", amount="18000.00", channel="deduction", receipt_no="K-1")
    telling.tell("06", amount="488.20", channel="deduction", receipt_no="K-2", still_qualified=True)
    telling.work()
    assert (telling.case()["state"], telling.case()["outstanding"]) == ("cleared", "0.00")
    # each of the two stops was ended once: one by the approval, one by the clearing
    assert len(telling.numbers("stop_payment_letter")) == 2
    assert len(telling.numbers("release_payment_letter")) == 2


@told("21")
def test_by_assistance(telling: Telling) -> None:
    telling.tell("02")
    telling.tell("04", addressee=None)
    telling.tell("61")
    telling.work()
    (notice,), (opinion,) = telling.numbers("recovery_notice"), telling.numbers("audit_opinion")
    demand(telling.read("recovery_notice"), "𠅤㛃䶮", "6007.14元")
    demand(telling.read("audit_opinion"), "𠅤㛃䶮", "6007.14", "陆仟零柒元壹角肆分")
    report = telling.read("assistance_report")
    demand(report, notice, opinion, "𠅤㛃䶮", "6007.14", "MZ-2026-0091", "临时救助资金")
    demand(report, "长沙市雨花区人力资源和社会保障局", "确无偿还能力", "特此报告。")
    telling.tell("06", amount="6007.14", channel="assistance", still_qualified=True)
    telling.work()
    assert telling.case()["state"] == "cleared"
    demand(telling.read("resumption_notice"), "𠅤㛃䶮", "6007.14")


@told("24")
def test_by_referral_to_a_court(telling: Telling) -> None:
    telling.tell("02")
    addressee = example("04")["data"]["addressee"]
    telling.tell("04", addressee=addressee)
    telling.tell(
        "51",
        to="court",
        to_name="长沙市雨花区人民法院",
        suspected="拒不退还多领社会保险待遇",
        grounds="行政处理决定送达后，在法定期限内不申请行政复议或者提起行政诉讼，又不履行。",
        attachments=[{"kind": "recovery_notice"}, {"kind": "audit_opinion"}],
    )
    telling.work()
    enclosed = {kind: telling.numbers(kind)[0] for kind in ("recovery_notice", "audit_opinion")}
    referral = telling.read("referral_letter")
    demand(referral, "长沙市雨花区人民法院", "长沙市雨花区人力资源和社会保障局", "陈建国")
    demand(referral, "9639.18", "又不履行", *enclosed.values())
    for row in telling._installation.rows("documents", "list"):
        if row["kind"] in enclosed:
            demand(referral, row["sha256"])
    assert telling.numbers("referral_letter") == ["人社（移送）字〔2026〕第1号"]
    telling.tell("06", amount="9639.18", channel="court", still_qualified=False)
    telling.work()
    assert telling.case()["state"] == "cleared"
    (stop,) = telling.numbers("stop_payment_letter")
    demand(telling.read("release_payment_letter"), stop, "现已全部追回", "陈建国")


@told("24")
def test_an_amount_corrected_after_the_audit_opinion(telling: Telling) -> None:
    telling.tell("02")
    telling.tell("04", addressee=example("04")["data"]["addressee"])
    telling.work()
    (old_notice,), (old_opinion,) = (
        telling.numbers("recovery_notice"),
        telling.numbers("audit_opinion"),
    )
    telling.tell("42")
    telling.work()
    opinion = telling.read("audit_opinion")
    demand(opinion, "6426.12", "陆仟肆佰贰拾陆元壹角贰分", old_opinion)
    assert "9639.18" not in opinion
    demand(telling.read("recovery_notice"), "6426.12元", "2026年1月至2月", old_notice)
    assert telling.numbers("recovery_notice", "void") == [old_notice]
    assert telling.numbers("audit_opinion", "void") == [old_opinion]
    # the stop letter prints neither amount nor facts: the bank hears nothing
    assert telling.numbers("stop_withdrawal_letter") == []
    messages = telling._installation.letters("documents.all")
    voided = [m["data"] for m in messages if m["type"] == "hanyin.document.voided.v1"]
    assert {v["number"]: v["replaced_by"] for v in voided} == {
        old_notice: telling.numbers("recovery_notice")[0],
        old_opinion: telling.numbers("audit_opinion")[0],
    }


@told("24", "embedded", "on_servers")
def test_a_stop_letter_that_was_sent_is_withdrawn_and_never_in_silence(telling: Telling) -> None:
    telling.work()
    telling.tell(
        "41",
        document={"kind": "stop_payment_letter"},
        reason="本人涉案，录入时账号有误",
        public_reason="wrong_account",
        replace=True,
    )
    telling.work()
    first, withdrawal, second = telling._installation.letters("letters.bank.boc")
    assert withdrawal["type"] == "hanyin.letter.withdrawn.v1"
    assert withdrawal["data"]["withdraws"] == {
        "number": first["data"]["number"],
        "reference": first["data"]["reference"],
    }
    assert second["data"]["kind"] == "stop_payment_letter"
    text = telling.read("stop_withdrawal_letter")
    demand(text, first["data"]["number"], "账户信息有误")
    assert "涉案" not in text
    demand(telling.read("stop_payment_letter"), first["data"]["number"])
