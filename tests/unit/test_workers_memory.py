"""What a process has loaded is not looked through in the middle of a letter."""

import subprocess
import sys

SCRIPT = """
import gc
import workers.producer
from workers.processes import keep_what_is_there
before = len(gc.get_objects())
keep_what_is_there()
print(before, len(gc.get_objects()), gc.isenabled())
"""


def test_what_was_loaded_is_left_out_and_what_comes_later_is_not() -> None:
    # in a process of its own: it holds to its end
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()
    before, after = int(told[0]), int(told[1])
    assert before > 50_000
    assert after < before / 100
    assert told[2] == "True"
