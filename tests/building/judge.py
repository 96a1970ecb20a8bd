"""A judge that trusts nobody: it counts events, rows, objects and messages against each other."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from sqlalchemy import select

from cases.kinds import SERVED
from ledger.database import Database
from ledger.gaps import gaps
from ledger.lives import unexplained
from ledger.tables import attachments, documents, inbox, outbox
from schemas.documents import StoredObject
from tests.building.installation import Installation
from workers import bootstrap
from workers.brokers.opening import open_mailbox
from workers.directory import load_directory

BANKS = ("icbc", "abc", "boc", "ccb", "psbc")
_BANK_LETTERS = {"stop_payment_letter", "release_payment_letter", "stop_withdrawal_letter"}

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything that can be seen from outside the program, read once."""

    #: events that were published: (source, id)
    published: frozenset[tuple[str, str]]
    #: events that were published and must be refused: (source, id)
    hostile: frozenset[tuple[str, str]] = frozenset()
    #: SHA-256 of messages that were published and must be refused, whatever they call themselves
    refused: frozenset[str] = frozenset()
    #: events that came before what they speak of, were refused, and were published again
    early: frozenset[tuple[str, str]] = frozenset()
    inbox: Sequence[Row]
    documents: Sequence[Row]
    outbox: Sequence[Row]
    attachments: Sequence[Row]
    objects: Sequence[StoredObject]
    #: bytes of each object by key and version id
    contents: dict[tuple[str, str | None], bytes] = field(repr=False)
    #: what the ledger's own check against its trail finds, as sentences
    unexplained: Sequence[str] = ()
    #: messages of each queue, in order
    queues: dict[str, list[Row]] = field(repr=False)


def gather(
    installation: Installation,
    published: Iterable[Row],
    *,
    hostile: Iterable[Row] = (),
    early: Iterable[Row] = (),
    refused: frozenset[str] = frozenset(),
) -> Evidence:
    """The evidence, as it stands now.

    ``hostile`` was published too, and must be refused; ``early`` was refused once, and is among
    what was published all the same. Of ``refused``, the digests are known.
    """
    settings = installation.settings()
    database = Database(settings.database)
    archive = bootstrap.open_store(settings)
    mailbox = open_mailbox(settings.broker, load_directory(None))
    with database.reading() as connection:
        tables = [
            [dict(row._mapping) for row in connection.execute(select(table))]
            for table in (inbox, documents, outbox, attachments)
        ]
    with database.snapshot() as connection:
        odd = [f"trail: {each.number}: {each.differs}" for each in unexplained(connection)]
        odd += [f"G2: gap at {gap.number}" for gap in gaps(connection)]
    objects = list(archive.walk())
    names = ["documents.all", "letters.unassigned", "rejections.all"]
    names += [f"letters.bank.{bank}" for bank in BANKS]
    queues = {
        name: [json.loads(d.body) for d in mailbox.read(name, limit=10**6, remove=False)]
        for name in names
    }
    evidence = Evidence(
        published=frozenset((event["source"], event["id"]) for event in published),
        hostile=frozenset((event["source"], event["id"]) for event in hostile),
        early=frozenset((event["source"], event["id"]) for event in early),
        inbox=tables[0],
        documents=tables[1],
        outbox=tables[2],
        attachments=tables[3],
        objects=objects,
        contents={
            (stored.key, stored.version_id): archive.get(stored.key, stored.version_id)
            for stored in objects
        },
        queues=queues,
        unexplained=odd,
        refused=refused,
    )
    archive.close()
    database.close()
    return evidence


def judge(evidence: Evidence) -> list[str]:
    """Every guarantee that the evidence shows broken, as a sentence; [] where all hold."""
    return [
        *_events(evidence),
        *_numbers(evidence),
        *_seals(evidence),
        *_service_records(evidence),
        *_announcements(evidence),
        *_bank_letters(evidence),
        *evidence.unexplained,
    ]


def _events(evidence: Evidence) -> Iterable[str]:
    """G1: every published event was applied exactly once."""
    applied = Counter(
        (row["source"], row["event_id"]) for row in evidence.inbox if row["state"] == "applied"
    )
    for event in sorted(evidence.published):
        if applied[event] != 1:
            yield f"G1: event {event[1]} was applied {applied[event]} times"
    yield from _refused(evidence)
    for row in (row for row in evidence.inbox if row["raw_sha256"] not in evidence.refused):
        if (row["source"], row["event_id"]) in evidence.hostile:
            if row["state"] != "rejected":
                yield f"G1: event {row['event_id']} should be refused and is {row['state']}"
        elif row["state"] == "rejected" and (row["source"], row["event_id"]) in evidence.early:
            continue
        elif row["state"] not in {"applied", "repeated"}:
            yield f"G1: event {row['event_id']} is left {row['state']}: {row['problems']}"
    told = Counter(
        (message["data"]["event"]["source"], message["data"]["event"]["id"])
        for message in {m["id"]: m for m in evidence.queues["rejections.all"]}.values()
    )
    for event in sorted(evidence.hostile):
        if told[event] != 1:
            yield f"G1: the refusal of event {event[1]} was told {told[event]} times"


def _refused(evidence: Evidence) -> Iterable[str]:
    """G6: every message that must be refused was, and is kept."""
    kept = {row["raw_sha256"] for row in evidence.inbox}
    for digest in sorted(evidence.refused - kept):
        yield f"G6: the message {digest} was not kept"
    for row in evidence.inbox:
        if row["raw_sha256"] in evidence.refused and row["state"] != "rejected":
            yield f"G6: message {row['seq']} should be refused and is {row['state']}"


def _numbers(evidence: Evidence) -> Iterable[str]:
    """G2: 1, 2, 3 … for each agency, series and year; dates never fall."""
    books: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in evidence.documents:
        books[row["agency"], row["series"]].append(row)
    for (_, name), rows in books.items():
        rows.sort(key=lambda row: (row["year"], row["seq"]))
        years: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            years[row["year"]].append(row["seq"])
        for year, seqs in years.items():
            if seqs != list(range(1, len(seqs) + 1)):
                yield f"G2: {name} {year} runs {seqs}"
        dates = [row["issued_on"] for row in rows]
        if dates != sorted(dates):
            yield f"G2: dates of {name} fall"


def _seals(evidence: Evidence) -> Iterable[str]:
    """G3, G4: one object a number, its bytes those of the record; none without a record."""
    by_document: dict[str, list[StoredObject]] = defaultdict(list)
    attached = {row["storage_key"]: row for row in evidence.attachments}
    for stored in evidence.objects:
        if stored.key in attached:
            yield from _attached(evidence, attached[stored.key], stored)
        else:
            by_document[stored.key.split("/")[2]].append(stored)
    for row in evidence.documents:
        found = by_document.pop(row["document_id"], [])
        if row["state"] == "void" and row["sealed_sha256"] is None:
            if found:
                yield f"G3: {row['number']} was never sealed and has an object"
            continue
        if row["state"] not in {"announced", "void"}:
            yield f"G4: {row['number']} is left {row['state']}: {row['error']}"
        if row["pinned"] is not None:
            yield f"G3: {row['number']} is still pinned"
        yield from _stored(evidence, row, found)
    for orphan in by_document:
        yield f"G3: object of unknown document {orphan}"


def _attached(evidence: Evidence, row: Row, stored: StoredObject) -> Iterable[str]:
    if stored.key.split("/")[2] != row["document_id"]:
        yield f"G3: attachment {row['attachment_id']} lies with another document"
    content = evidence.contents[stored.key, stored.version_id]
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        yield f"G3: the bytes of attachment {row['attachment_id']} are not those of the record"


def _service_records(evidence: Evidence) -> Iterable[str]:
    """What is served and was sealed has one service record, stored; nothing else has any."""
    found = Counter(
        row["document_id"] for row in evidence.attachments if row["role"] == "service_record"
    )
    for row in evidence.documents:
        due = row["kind"] in SERVED and row["sealed_sha256"] is not None
        if found[row["document_id"]] != int(due):
            yield f"G3: {row['number']} has {found[row['document_id']]} service records"
    keys = {(stored.key, stored.version_id) for stored in evidence.objects}
    for row in evidence.attachments:
        if row["pinned"] is not None or (row["storage_key"], row["version_id"]) not in keys:
            yield f"G3: attachment {row['attachment_id']} is on record and not stored"


def _stored(evidence: Evidence, row: Row, found: Sequence[StoredObject]) -> Iterable[str]:
    """One key, the version on record, equal bytes.

    A put that was under way when its worker was killed may add a version of the same bytes.
    """
    if {stored.key for stored in found} != {row["storage_key"]}:
        yield f"G3: {row['number']} has {len(found)} objects, one is on record"
    if row["version_id"] not in {stored.version_id for stored in found}:
        yield f"G3: the version of {row['number']} on record is not there"
    for stored in found:
        content = evidence.contents[stored.key, stored.version_id]
        if hashlib.sha256(content).hexdigest() != row["sealed_sha256"]:
            yield f"G3: the bytes of {row['number']} are not those of the record"


def _announcements(evidence: Evidence) -> Iterable[str]:
    """G4: what is archived is told once (repeats have the same id); nothing waits to be told."""
    told: dict[str, set[str]] = defaultdict(set)
    for message in evidence.queues["documents.all"]:
        if message["type"] == "hanyin.document.archived.v1":
            told[message["data"]["document_id"]].add(message["id"])
    for row in evidence.documents:
        if row["state"] == "announced" and len(told[row["document_id"]]) != 1:
            yield f"G4: {row['number']} was announced {len(told[row['document_id']])} times"
    for row in evidence.outbox:
        if row["state"] not in {"sent", "cancelled"}:
            yield f"G4: message {row['message_id']} is left {row['state']}"
    if evidence.queues["letters.unassigned"]:
        yield "G5: a letter found no bank"


def _bank_letters(evidence: Evidence) -> Iterable[str]:
    """G5: each stop once, at most one end for it, never before it; ends only as the rules say."""
    sent: dict[str, set[str]] = defaultdict(set)
    place: dict[str, int] = {}
    for queue, messages in evidence.queues.items():
        if not queue.startswith("letters.bank."):
            continue
        for index, message in enumerate(messages):
            reference = message["data"]["reference"]
            sent[reference].add(message["id"])
            place.setdefault(reference, index)
    letters = [row for row in evidence.documents if row["kind"] in _BANK_LETTERS]
    for row in letters:
        times = len(sent[row["document_id"]])
        if times > 1 or (row["state"] == "announced" and times != 1):
            yield f"G5: {row['number']} was sent {times} times"
    yield from _ends(letters, place)


def _ends(letters: Sequence[Row], place: dict[str, int]) -> Iterable[str]:
    ends: dict[str, list[Row]] = defaultdict(list)
    for row in letters:
        if row["about"] and row["state"] != "void":
            ends[row["about"]].append(row)
    in_force: Counter[tuple[str, str]] = Counter()
    for stop in (row for row in letters if row["kind"] == "stop_payment_letter"):
        mine = ends[stop["document_id"]]
        if len(mine) > 1:
            yield f"G5: {stop['number']} has {len(mine)} ends"
        for end in mine:
            # one that never came comes after all others
            early = place.get(end["document_id"], inf) < place.get(stop["document_id"], inf)
            if early and not _was_announced(stop, end, letters, place):
                yield f"G5: {end['number']} left before {stop['number']}"
        if not mine and stop["state"] != "void":
            in_force[stop["case_no"], stop["account_number"]] += 1
    for (case_no, _), count in in_force.items():
        if count > 1:
            yield f"G5: {count} stops are in force for one card of case {case_no}"


def _was_announced(stop: Row, end: Row, letters: Sequence[Row], place: dict[str, int]) -> bool:
    """A void stop that never leaves is withdrawn where an earlier withdrawal had named it."""
    first = place.get(end["document_id"], inf)
    return (
        stop["state"] == "void"
        and stop["document_id"] not in place
        and any(
            row["kind"] == "stop_withdrawal_letter"
            and row["account_number"] == stop["account_number"]
            and place.get(row["document_id"], inf) < first
            for row in letters
        )
    )
