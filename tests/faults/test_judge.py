"""The judge is judged: each kind of damage is planted in good evidence, and found."""

import fcntl
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schemas.documents import StoredObject
from schemas.identifiers import new_id
from tests.building.installation import Installation, example_file
from tests.building.judge import Evidence, Row, gather, judge

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

#: a case with a stop, cleared: its card is released
NAMES = ("01", "02", "03", "04", "05", "06")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Evidence:
    """Gathered once for all test processes."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    kept = folder / "evidence.pickle"
    with (folder / "evidence.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_gathered(folder / "judged")))
    found: Evidence = pickle.loads(kept.read_bytes())  # noqa: S301 -- our own
    return found


def _gathered(home: Path) -> Evidence:
    variables = {"HANYIN_HOME": str(home), "HANYIN_PRODUCERS": "1"}
    installation = Installation(name="embedded", variables=variables, forked=True)
    files = [example_file(name) for name in NAMES]
    installation.publish(*files)
    installation.run("work", "--drain", codes=(0, 3))
    return gather(installation, [json.loads(file.read_text()) for file in files])


Damage = Callable[[Evidence], Evidence]


def documents(evidence: Evidence, change: Callable[[Row], Row], **which: Any) -> Evidence:
    """The evidence with the first document that ``which`` fits changed."""
    rows = [dict(row) for row in evidence.documents]
    place = next(
        n for n, row in enumerate(rows) if all(row[key] == value for key, value in which.items())
    )
    rows[place] = change(rows[place])
    return replace(evidence, documents=rows)


def an_event_is_lost(evidence: Evidence) -> Evidence:
    return replace(evidence, inbox=evidence.inbox[1:])


def an_event_is_applied_twice(evidence: Evidence) -> Evidence:
    return replace(evidence, inbox=[*evidence.inbox, evidence.inbox[0]])


def a_hostile_event_is_applied(evidence: Evidence) -> Evidence:
    (first, *_) = sorted(evidence.published)
    return replace(evidence, hostile=frozenset({first}))


def an_event_that_came_too_early_is_not_taken_later(evidence: Evidence) -> Evidence:
    (first, *_) = sorted(evidence.published)
    return replace(evidence, early=frozenset({first}), inbox=_refused(evidence, first))


def a_refusal_is_told_twice(evidence: Evidence) -> Evidence:
    (first, *_) = sorted(evidence.published)
    told = [
        {"id": name, "data": {"event": dict(zip(("source", "id"), first, strict=True))}}
        for name in ("m1", "m2")
    ]
    return replace(
        evidence,
        published=evidence.published - {first},
        hostile=frozenset({first}),
        inbox=_refused(evidence, first),
        queues={**evidence.queues, "rejections.all": told},
    )


def _refused(evidence: Evidence, event: tuple[str, str]) -> list[Row]:
    return [
        {**row, "state": "rejected"} if (row["source"], row["event_id"]) == event else row
        for row in evidence.inbox
    ]


def an_event_is_left(evidence: Evidence) -> Evidence:
    return replace(
        evidence, inbox=[{**evidence.inbox[0], "state": "received"}, *evidence.inbox[1:]]
    )


def a_number_is_missing(evidence: Evidence) -> Evidence:
    return documents(evidence, lambda row: row | {"seq": 9})


def a_number_is_there_twice(evidence: Evidence) -> Evidence:
    return documents(evidence, lambda row: row | {"seq": 1}, seq=2)


def a_date_falls(evidence: Evidence) -> Evidence:
    earlier = min(row["issued_on"] for row in evidence.documents).replace(year=2020)
    return documents(evidence, lambda row: row | {"issued_on": earlier}, seq=2)


def a_letter_is_left(evidence: Evidence) -> Evidence:
    return documents(evidence, lambda row: row | {"state": "failed"})


def bytes_are_still_pinned(evidence: Evidence) -> Evidence:
    return documents(evidence, lambda row: row | {"pinned": b"%PDF"})


def an_object_is_gone(evidence: Evidence) -> Evidence:
    return replace(evidence, objects=evidence.objects[1:])


def an_object_is_nobodys(evidence: Evidence) -> Evidence:
    stored = evidence.objects[0]
    key = "/".join(["430111", "2026", new_id(), f"{stored.sha256}.pdf"])
    return _with_object(evidence, replace(stored, key=key), b"%PDF")


def a_number_has_two_seals(evidence: Evidence) -> Evidence:
    row = next(row for row in evidence.documents if row["storage_key"])
    key = row["storage_key"].rpartition("/")[0] + "/" + "0" * 64 + ".pdf"
    return _with_object(
        evidence, StoredObject(key=key, version_id=None, sha256="0" * 64, size=4), b"%PDF"
    )


def _with_object(evidence: Evidence, stored: StoredObject, content: bytes) -> Evidence:
    contents = {**evidence.contents, (stored.key, stored.version_id): content}
    return replace(evidence, objects=[*evidence.objects, stored], contents=contents)


def a_byte_is_another(evidence: Evidence) -> Evidence:
    key = next(iter(evidence.contents))
    changed = evidence.contents[key][:-1] + b"\0"
    return replace(evidence, contents={**evidence.contents, key: changed})


def a_service_record_is_missing(evidence: Evidence) -> Evidence:
    return replace(evidence, attachments=evidence.attachments[1:])


def a_letter_is_not_announced(evidence: Evidence) -> Evidence:
    told = evidence.queues["documents.all"]
    first = next(n for n, m in enumerate(told) if m["type"] == "hanyin.document.archived.v1")
    return _queue(evidence, "documents.all", [*told[:first], *told[first + 1 :]])


def a_letter_is_announced_twice(evidence: Evidence) -> Evidence:
    told = evidence.queues["documents.all"]
    first = next(m for m in told if m["type"] == "hanyin.document.archived.v1")
    return _queue(evidence, "documents.all", [*told, {**first, "id": new_id()}])


def a_message_is_left(evidence: Evidence) -> Evidence:
    return replace(
        evidence, outbox=[{**evidence.outbox[0], "state": "waiting"}, *evidence.outbox[1:]]
    )


def a_bank_gets_a_letter_twice(evidence: Evidence) -> Evidence:
    name, letters = _bank(evidence)
    return _queue(evidence, name, [*letters, {**letters[0], "id": new_id()}])


def a_bank_never_gets_a_letter(evidence: Evidence) -> Evidence:
    name, letters = _bank(evidence)
    return _queue(evidence, name, letters[:-1])


def a_release_comes_before_its_stop(evidence: Evidence) -> Evidence:
    name, letters = _bank(evidence)
    return _queue(evidence, name, letters[::-1])


def a_letter_finds_no_bank(evidence: Evidence) -> Evidence:
    return _queue(evidence, "letters.unassigned", [{"id": new_id()}])


def a_stop_has_two_ends(evidence: Evidence) -> Evidence:
    release = next(r for r in evidence.documents if r["kind"] == "release_payment_letter")
    return replace(evidence, documents=[*evidence.documents, release])


def two_stops_are_in_force(evidence: Evidence) -> Evidence:
    stop = next(r for r in evidence.documents if r["kind"] == "stop_payment_letter")
    more = [{**stop, "document_id": new_id()}, {**stop, "document_id": new_id()}]
    return replace(evidence, documents=[*evidence.documents, *more])


def _bank(evidence: Evidence) -> tuple[str, list[Row]]:
    return next((n, q) for n, q in evidence.queues.items() if "bank" in n and len(q) > 1)


def _queue(evidence: Evidence, name: str, messages: list[Row]) -> Evidence:
    return replace(evidence, queues={**evidence.queues, name: messages})


DAMAGES: dict[Damage, str] = {
    an_event_is_lost: "G1",
    an_event_is_applied_twice: "G1",
    a_hostile_event_is_applied: "G1",
    an_event_that_came_too_early_is_not_taken_later: "G1",
    a_refusal_is_told_twice: "G1",
    an_event_is_left: "G1",
    a_number_is_missing: "G2",
    a_number_is_there_twice: "G2",
    a_date_falls: "G2",
    a_letter_is_left: "G4",
    bytes_are_still_pinned: "G3",
    an_object_is_gone: "G3",
    an_object_is_nobodys: "G3",
    a_number_has_two_seals: "G3",
    a_byte_is_another: "G3",
    a_service_record_is_missing: "G3",
    a_letter_is_not_announced: "G4",
    a_letter_is_announced_twice: "G4",
    a_message_is_left: "G4",
    a_bank_gets_a_letter_twice: "G5",
    a_bank_never_gets_a_letter: "G5",
    a_release_comes_before_its_stop: "G5",
    a_letter_finds_no_bank: "G5",
    a_stop_has_two_ends: "G5",
    two_stops_are_in_force: "G5",
}


def test_good_evidence_has_no_finding(evidence: Evidence) -> None:
    assert judge(evidence) == []


def test_an_event_that_came_too_early_may_be_refused_before_it_is_taken(
    evidence: Evidence,
) -> None:
    (first, *_) = sorted(evidence.published)
    there = next(r for r in evidence.inbox if (r["source"], r["event_id"]) == first)
    refused = [{**there, "state": "rejected"}, *evidence.inbox]
    assert judge(replace(evidence, inbox=refused)) != []
    assert judge(replace(evidence, inbox=refused, early=frozenset({first}))) == []


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_found(evidence: Evidence, damage: Damage) -> None:
    assert any(found.startswith(DAMAGES[damage]) for found in judge(damage(evidence)))
