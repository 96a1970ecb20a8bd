"""Fuzzing of the parser, guided by coverage; HANYIN_TEST_FUZZ says how many inputs."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.building.events import EXAMPLES
from tests.building.hostile import hostile

ROOT = Path(__file__).parents[2]
INPUTS = int(os.environ.get("HANYIN_TEST_FUZZ", "2000"))


@pytest.mark.timeout(3600)
def test_whatever_the_bytes_are_they_are_an_event_or_refused_for_a_reason(tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not there: it has no wheel for this Python or machine")
    corpus = tmp_path / "corpus"
    shutil.copytree(EXAMPLES, corpus)
    for seed in range(100):
        (corpus / f"hostile-{seed}").write_bytes(hostile(Random(seed)))
    words = [sys.executable, "-m", "tests.fuzzing.parser", f"-runs={INPUTS}", "-max_len=16384"]
    words += ["-seed=20261125", "-timeout=30", f"-artifact_prefix={tmp_path}/", str(corpus)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-4000:]
    assert f"Done {INPUTS} " in ended.stderr
