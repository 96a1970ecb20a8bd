"""A process that a test leaves to nobody is told of that test."""

import subprocess
import sys

from tests.building import leftovers


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_what_nobody_waited_for_is_left_even_where_it_has_ended() -> None:
    before = leftovers.known()
    process = sleeper()
    assert len(leftovers.left_since(before)) == 1
    process.kill()
    assert len(leftovers.left_since(before)) == 1
    process.wait()
    assert leftovers.left_since(before) == []


def test_what_a_fixture_for_several_tests_starts_is_no_test_s() -> None:
    before = leftovers.known()
    with leftovers.kept():
        process = sleeper()
    assert leftovers.left_since(before) == []
    process.kill()
    process.wait()
