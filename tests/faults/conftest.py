"""Faults on one of the two set-ups by ``make test``, to be quick; on both by ``make soak``."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.building.installation import Installation

#: test → the set-up that it breaks in ``make test``
_QUICK = {
    "test_all_of_it_is_done_once_whoever_is_killed": "servers",
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


#: what takes longest comes first: at the end one process would do it while the others wait
_LONG = (
    *("test_fault_points.py", "test_restoring.py", "test_bad_store.py"),
    *("test_servers_killed.py", "test_load.py", "test_cluster.py"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The other set-up is for ``make soak``; what takes longest comes first."""
    own = [item for item in items if item.path.parent == Path(__file__).parent]
    for item in own:
        name, _, kind = item.name.rstrip("]").partition("[")
        if kind != _QUICK.get(name, kind):
            item.add_marker(pytest.mark.soak)
    own.sort(key=lambda item: item.path.name not in _LONG)
    ordered = iter(own)
    places = [place for place, item in enumerate(items) if item in own]
    for place in places:
        items[place] = next(ordered)


@pytest.fixture
def embedded(embedded: Installation) -> Installation:
    """As everywhere, and quick to start."""
    return quick(embedded)


@pytest.fixture
def on_servers(on_servers: Installation) -> Installation:
    """As everywhere, and quick to start."""
    return quick(on_servers)


def quick(installation: Installation) -> Installation:
    """One producer and not one for each core: each takes seconds to start, and its LibreOffice."""
    return replace(
        installation, forked=True, variables={**installation.variables, "HANYIN_PRODUCERS": "1"}
    )
