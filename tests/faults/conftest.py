"""Faults on one of the two set-ups by ``make test``, to be quick; on both by ``make soak``."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.building.installation import Installation

#: test → the set-up that it breaks in ``make test``
_QUICK = {
    "test_all_of_it_is_done_once_whoever_is_killed": "servers",
    "test_nobody_waits_for_hostile_messages_and_nothing_is_lost": "servers",
    "test_a_producer_that_ends_is_seen_by_its_parent": "embedded",
    "test_nothing_is_lost_or_doubled_however_often_the_workers_are_killed": "servers",
    "test_nothing_personal_and_no_secret_is_told": "servers",
    "test_dates_do_not_fall_and_nothing_is_lost": "servers",
    "test_workers_end_soon_and_give_back_what_they_had_claimed": "servers",
    "test_numbers_that_only_the_store_remembers_are_not_drawn_again": "servers",
    "test_attempts_are_counted_and_used_up_and_an_operator_may_grant_new_ones": "embedded",
    "test_what_cannot_be_printed_stops_alone_and_is_told": "embedded",
    "test_a_worker_lives_through_all_of_it_and_loses_nothing": "embedded",
    "test_a_converter_that_is_killed_is_started_anew_and_leaves_nobody_behind": "embedded",
}


#: files and beginnings of tests that take long, the longest first
_LONG = (
    "fault_points a_worker",
    "load",
    "cluster",
    "servers_killed servers",
    "restoring numbers",
    "kills",
    "servers_killed a_worker",
    "ending",
    "poison attempts",
    "restoring a_store",
    "hostile_bytes a_worker",
    "bad_store a_store",
    "nothing_personal",
    "clock_set_back",
    "servers_killed a_converter",
    "bad_store a_full",
    "judge good",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The other set-up is for ``make soak``; what takes longest comes first.

    A long one at the end would be done by one process while the others wait.
    """
    own = [item for item in items if item.path.parent == Path(__file__).parent]
    for item in own:
        name, _, kind = item.name.rstrip("]").partition("[")
        if kind != _QUICK.get(name, kind):
            item.add_marker(pytest.mark.soak)
    ordered = iter(_dealt(own, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))))
    places = [place for place, item in enumerate(items) if item in own]
    for place in places:
        items[place] = next(ordered)


def _dealt(own: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """Each process, which begins with as many in a row, has some of the longest at its head."""
    here = [item for item in own if not item.get_closest_marker("soak")]
    soak = [item for item in own if item.get_closest_marker("soak")]
    long = sorted((item for item in here if _rank(item) < len(_LONG)), key=_rank)
    # in their order: those of a file share what it made
    short = [item for item in here if _rank(item) == len(_LONG)]
    dealt: list[pytest.Item] = []
    for place in range(processes):
        start, end = (len(short) * each // processes for each in (place, place + 1))
        dealt += long[place::processes] + short[start:end]
    return dealt + soak


def _rank(item: pytest.Item) -> int:
    """Place among the longest; after them all others, in their order."""
    file = item.path.stem.removeprefix("test_")
    name = item.name.removeprefix("test_")
    for place, known in enumerate(_LONG):
        its_file, _, beginning = known.partition(" ")
        if file == its_file and name.startswith(beginning):
            return place
    return len(_LONG)


@pytest.fixture
def embedded(embedded: Installation) -> Installation:
    """As everywhere, and quick to start."""
    return quick(embedded)


@pytest.fixture
def on_servers(on_servers: Installation) -> Installation:
    """As everywhere, and quick to start."""
    return quick(on_servers)


def quick(installation: Installation) -> Installation:
    """One producer and not one for each core: each takes seconds to start."""
    return replace(
        installation, forked=True, variables={**installation.variables, "HANYIN_PRODUCERS": "1"}
    )
