"""Six speakers at once, one in fifty messages hostile: all is done, and nobody waits for those."""

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import quantiles

import pytest
from sqlalchemy import select

from ledger.database import Database
from ledger.tables import inbox
from tests.building import speakers
from tests.building.installation import Installation
from tests.building.judge import gather, judge
from tests.building.working import with_variables

pytestmark = [pytest.mark.office, pytest.mark.timeout(36000)]

#: events, the cases among them (a multiple of 48), and the share of hostile messages
EVENTS = int(os.environ.get("HANYIN_TEST_HOSTILE", "600"))
CASES = int(os.environ.get("HANYIN_TEST_HOSTILE_CASES", "48"))
_HOSTILE = 0.02
#: by how much a wait may differ between two runs of the same on this machine, and seconds of noise
_NOISE, _SECONDS = 1.5, 3.0
Waits = dict[str, list[float]]


def test_nobody_waits_for_hostile_messages_and_nothing_is_lost(
    installation: Installation, tmp_path: Path
) -> None:
    chance, quarter, cases = Random(20261130), EVENTS // 4, CASES // 4
    waves = [speakers.good(quarter, cases, start=wave * cases) for wave in range(4)]
    evil = [speakers.evil(wave, int(quarter * _HOSTILE), chance) for wave in waves[1:3]]
    variables = {
        "HANYIN_DIRECTORY_FILE": str(speakers.directory_file(tmp_path)),
        "HANYIN_PRODUCERS": "2",
    }
    workers = with_variables(installation, variables)
    workers.run("migrate")
    # without, among, among, without: a machine that grows slower does so for both
    worked(workers, [speakers.body(event) for event in waves[0]])
    worked(workers, speakers.mixed(waves[1], evil[0], chance))
    worked(workers, speakers.mixed(waves[2], evil[1], chance))
    worked(workers, [speakers.body(event) for event in waves[3]])
    published = [event for wave in waves for event in wave]
    refused = speakers.digests([*evil[0], *evil[1]])
    findings = judge(gather(workers, published, refused=refused))
    assert not findings, "\n".join(findings)
    alone = waits(workers, [*waves[0], *waves[3]])
    among = waits(workers, [*waves[1], *waves[2]])
    assert len(alone) == len(among) == speakers.SPEAKERS
    slow = [
        f"{speaker}: {now:.1f} s among hostile messages, {before:.1f} s without"
        for speaker in alone
        for now, before in zip(typical(among[speaker]), typical(alone[speaker]), strict=True)
        if now > before * _NOISE + _SECONDS
    ]
    assert not slow, "\n".join(slow)


def worked(installation: Installation, messages: Sequence[bytes]) -> None:
    """The messages have come, and all that can be done with them is done."""
    installation.put_straight(messages)
    installation.run("work", "--drain", codes=(0, 3), within=600 + EVENTS)


def waits(installation: Installation, events: Sequence[speakers.Event]) -> Waits:
    """Speaker → seconds from the coming of each of ``events`` to its effect."""
    database = Database(installation.settings().database)
    columns = (inbox.c.source, inbox.c.event_id, inbox.c.received_at, inbox.c.settled_at)
    with database.reading() as connection:
        rows = connection.execute(select(*columns).where(inbox.c.state == "applied")).all()
    database.close()
    wanted = {event["id"] for event in events}
    found: Waits = defaultdict(list)
    for row in rows:
        if row.event_id in wanted:
            found[row.source].append((row.settled_at - row.received_at).total_seconds())
    return found


def typical(seconds: Sequence[float]) -> tuple[float, float]:
    """Half and nineteen of twenty wait no longer than so."""
    twentieths = quantiles(seconds, n=20)
    return twentieths[9], twentieths[18]
