"""The process in which Typst runs: what it may, and that nothing of it is left."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rendering.fonts import write_configuration
from rendering.typst import typesetter as module
from rendering.typst.compiler import Compiled, compile_template
from rendering.typst.typesetter import Typesetter
from schemas.documents import DocumentKind
from schemas.errors import ProductionFailed, Unavailable
from templates.catalogue import load
from tests.building.word_files import p, word_file

pytestmark = pytest.mark.timeout(300)

DAY = date(2026, 3, 5)
LETTER = compile_template(word_file(p("{{ a }}")))


@pytest.fixture
def typesetter(tmp_path: Path) -> Iterator[Typesetter]:
    made = new(tmp_path)
    yield made
    made.close()
    assert list((tmp_path / "work").glob("typst-*")) == []


def new(folder: Path, timeout: float = 30.0) -> Typesetter:
    return Typesetter(folder / "work", fonts=write_configuration(folder), timeout=timeout)


def source(code: str, key: str = "k") -> Compiled:
    """What a compiler would never write."""
    return Compiled(source=code, files={}, key=key, marks=())


def made(typesetter: Typesetter, compiled: Compiled = LETTER, **values: object) -> bytes:
    return typesetter.convert(compiled, values, title="题", dated=DAY).content


def test_the_same_data_gives_the_same_bytes_in_another_process_too(tmp_path: Path) -> None:
    sample = load(DocumentKind.RECOVERY_NOTICE)
    compiled = compile_template(sample.docx)
    found = set()
    for folder in ("a", "b"):
        typesetter = new(tmp_path / folder)
        for facts in ("甲", "乙", "甲"):
            values = {**sample.sample, "facts": facts}
            found.add(typesetter.convert(compiled, values, title="题", dated=DAY).content)
        typesetter.close()
    assert len(found) == 2


def test_a_file_ends_with_a_line_end(typesetter: Typesetter) -> None:
    assert made(typesetter, a="甲").endswith(b"%%EOF\n")


def test_a_value_that_lacks_fails_for_good_and_stops_no_other(typesetter: Typesetter) -> None:
    with pytest.raises(ProductionFailed) as caught:
        made(typesetter)
    assert (caught.value.final, caught.value.problem.code) == (True, "template_failed")
    assert made(typesetter, a="甲")


def test_a_process_that_died_between_letters_is_started_anew(typesetter: Typesetter) -> None:
    assert made(typesetter, a="甲")
    process = typesetter.process_id
    assert process is not None
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    assert made(typesetter, a="甲")
    assert typesetter.process_id != process
    assert not Path(f"/proc/{process}").exists()


def test_a_process_that_dies_over_a_letter_fails_it_and_no_other(typesetter: Typesetter) -> None:
    assert made(typesetter, a="甲")
    process = typesetter.process_id
    assert process is not None
    # stopped, it takes the letter and does not answer: it is killed with the letter in its hands
    os.kill(process, signal.SIGSTOP)
    killing = threading.Timer(0.5, os.kill, (process, signal.SIGKILL))
    killing.start()
    with pytest.raises(ProductionFailed) as caught:
        made(typesetter, a="甲")
    killing.join()
    assert (caught.value.final, caught.value.problem.code) == (False, "conversion_failed")
    assert made(typesetter, a="甲")
    assert not Path(f"/proc/{process}").exists()


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    typesetter = new(tmp_path, timeout=2.0)
    endless = source(
        "#let i = 0\n#for a in range(9999999) { for b in range(9999999) { i = i + 1 } }"
    )
    with pytest.raises(ProductionFailed) as caught:
        made(typesetter, endless)
    assert caught.value.problem.code == "conversion_timeout"
    assert typesetter.process_id is None
    typesetter.close()


def test_memory_has_an_end(typesetter: Typesetter) -> None:
    huge = source('#let s = "甲" * 1000000\n#let a = range(2000).map(i => s + str(i))\n#a.len()')
    with pytest.raises(ProductionFailed) as caught:
        made(typesetter, huge)
    assert caught.value.problem.code == "conversion_failed"
    assert made(typesetter, a="甲")


@pytest.mark.parametrize(
    "code",
    [
        '#read("/etc/passwd")',
        '#read("../faces.json")',
        '#import "@preview/example:0.1.0": add',
    ],
)
def test_no_source_reads_beside_its_folder_or_fetches(typesetter: Typesetter, code: str) -> None:
    with pytest.raises(ProductionFailed):
        made(typesetter, source(code))


def test_the_process_is_confined(typesetter: Typesetter) -> None:
    assert "limits" in typesetter.held
    process = typesetter.process_id
    limits = Path(f"/proc/{process}/limits").read_text()
    assert "Max file size             0                    0" in limits
    assert "Max core file size        0                    0" in limits


def test_what_is_confined_reads_its_folders_writes_nothing_and_has_no_network(
    tmp_path: Path,
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_text("a")
    (tmp_path / "out").write_text("out")
    ended = subprocess.run(
        [sys.executable, "-c", _TRIES, str(tmp_path)], capture_output=True, text=True, check=True
    )
    held, *tried = json.loads(ended.stdout)
    assert tried[0] == "a"
    if "files" in held:
        assert tried[1:3] == ["PermissionError", "PermissionError"]
    if "network" in held:
        assert tried[3] in {"OSError", "PermissionError"}


_TRIES = """
import json, socket, sys
from pathlib import Path
from rendering.typst.confinement import confine
folder = Path(sys.argv[1])
held = confine([str(folder / "in")])
def tried(what):
    try:
        return what()
    except PermissionError:
        return "PermissionError"
    except OSError:
        return "OSError"
print(json.dumps([
    held,
    tried(lambda: (folder / "in" / "a").read_text()),
    tried(lambda: (folder / "out").read_text()),
    tried(lambda: (folder / "in" / "b").write_text("")),
    tried(lambda: socket.create_connection(("192.0.2.1", 80), timeout=5) and ""),
]))
"""


def test_a_typst_that_does_not_start_is_no_letters_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_START", "import sys; sys.exit(1)")
    typesetter = new(tmp_path)
    with pytest.raises(Unavailable, match="did not start"):
        made(typesetter, a="甲")
    assert typesetter.process_id is None


def test_templates_that_are_not_used_are_forgotten(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TEMPLATES", 2)
    for key in ("k1", "k2", "k3", "k1"):
        assert made(typesetter, source("甲", key))
    assert list(typesetter._templates) == ["k3", "k1"]


def test_typst_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path;"
        "from rendering.fonts import write_configuration;"
        "from rendering.typst.typesetter import Typesetter;"
        f"f = Path({str(tmp_path)!r});"
        "t = Typesetter(f / 'work', fonts=write_configuration(f), timeout=60);"
        "t.held; print(t.process_id, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    process = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(50):
        if not Path(f"/proc/{process}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{process}").exists()
    # its folder goes with the next that starts
    after = new(tmp_path)
    assert made(after, a="甲")
    after.close()
    assert list((tmp_path / "work").glob("typst-*")) == []
