"""The plain way takes so many times Hanyin's CPU for the same letters, in the same run.

A regression test of speed that no busy machine upsets: both are as busy. The bench itself fails
where a letter differs from the plain one in its text or in a pixel.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.addresses import postgresql_address, rabbitmq_address, s3_address

pytestmark = [pytest.mark.office, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
#: well below what an idle machine measures (docs/performance.md): few letters, cold caches
LEAST = 1.5


def test_a_letter_takes_less_cpu_than_by_the_plain_way() -> None:
    if not (ROOT / ".cache" / "bench").is_dir():
        pytest.skip("unoserver is not there: make bench-tools fetches it")
    if None in (postgresql_address(), rabbitmq_address(), s3_address()):
        pytest.skip("no servers: run by make test")
    words = [sys.executable, "-m", "bench", "--cases", "12"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    said = ended.stdout
    assert ended.returncode == 0, said + ended.stderr
    found = re.search(r"^CPU ratio: ([0-9.]+)$", said, re.MULTILINE)
    assert found is not None, said
    assert float(found[1]) >= LEAST, said
