"""The host of one LibreOffice: starts it, converts Word files, answers over standard output.

It is run by the distribution's python3, which has the ``uno`` module, so it uses nothing else of
the project. A request is a JSON line on standard input, the answer a JSON line on standard
output: ``{"load": path, "store": path, "title": text}`` → ``{"ok": true, "reason": ""}`` or
``{"ok": false, "reason": words}``. It ends with its parent, and LibreOffice ends with it. The
profile that it is given is ``rendering.profile``'s.

LibreOffice puts its sockets into /tmp and nowhere else. One of a random name is spoken to, and not
before it is seen to be LibreOffice's own: whoever reads the name off the command line could make it
first. The file ``pipes`` in the working directory names them, for whoever clears up.
"""

import contextlib
import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_PR_SET_PDEATHSIG = 1
#: a profile that is new to it makes LibreOffice end once with this code, to be started again
_RESTART = 81
#: seconds for LibreOffice to start
_START_SECONDS = 60.0
#: PDF/A-2b (ISO 19005-2) in LibreOffice's numbering of PDF versions
_PDF_A_2B = 2
#: the profile's macro
_CONVERT = "vnd.sun.star.script:Standard.Hanyin.Convert?language=Basic&location=application"


def main(parent: int, program: str, profile: str) -> int:
    """Requests are answered until standard input ends; the exit code is 1 where nothing starts."""
    die_with(parent)
    name = f"hanyin{secrets.token_hex(16)}"
    words = [
        program,
        "--headless",
        "--invisible",
        "--norestore",
        "--nodefault",
        "--nolockcheck",
        "--nologo",
        "--nofirststartwizard",
        f"--accept=pipe,name={name};urp;",
        f"-env:UserInstallation={Path(profile).as_uri()}",
    ]
    office, context = start(words, name)
    macro, frame = script(context), empty_frame(context)
    answer({"ok": True})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reason = convert(macro, frame, request)
            answer({"ok": not reason, "reason": reason})
        except Exception as error:  # noqa: BLE001 -- the bridge's own exceptions have no common root
            dead = office.poll() is not None
            answer({"ok": False, "reason": "died" if dead else type(error).__name__})
            if dead:
                return 1
    office.kill()
    office.wait()
    return 0


def die_with(parent: int) -> None:
    """This process ends when ``parent`` ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def start(words: list[str], name: str) -> tuple[Any, Any]:
    """LibreOffice runs and answers: (process, context of its components)."""
    own = os.getpid()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    office = spawn(words, own)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if office.poll() == _RESTART:
            office = spawn(words, own)
        elif office.poll() is not None:
            sys.exit(1)
        if any(pipe.endswith(f"_{name}") for pipe in note_pipes(office.pid)):
            with contextlib.suppress(NoConnectException):
                bridge = f"uno:pipe,name={name};urp;StarOffice.ComponentContext"
                return office, resolver.resolve(bridge)
        time.sleep(0.05)
    sys.exit(1)


def note_pipes(process: int) -> list[str]:
    """The paths of the sockets that are the process's own (proc(5)); they stand in ``pipes``."""
    own = set()
    # a descriptor, or the process, may be gone by now
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                own.add(str(descriptor.readlink()))
    # … inode and path, where it has one
    rows = [line.split()[6:] for line in Path("/proc/net/unix").read_text().splitlines()]
    found = [row[1] for row in rows if len(row) > 1 and f"socket:[{row[0]}]" in own]
    if found:
        Path("pipes").write_text("\n".join(found))
    return found


def spawn(words: list[str], own: int) -> Any:
    """LibreOffice's process, which ends with this one."""
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: die_with(own),  # noqa: PLW1509 -- this process has one thread
    )


def script(context: Any) -> Any:
    """The macro, which can be invoked."""
    factory = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.script.provider.MasterScriptProviderFactory", context
    )
    return factory.createScriptProvider("").getScript(_CONVERT)


def empty_frame(context: Any) -> Any:
    """A frame for one letter after another."""
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    return desktop.findFrame("_blank", 0)


def convert(macro: Any, frame: Any, request: dict[str, str]) -> str:
    """Why the PDF/A could not be made; nothing where it stands in its file ``store``."""
    source, target = (Path(request[name]).as_uri() for name in ("load", "store"))
    values = (frame, source, loading(), target, export(), request["title"])
    said, _, _ = macro.invoke(values, (), ())
    return str(said)


def loading() -> tuple[Any, ...]:
    """The properties of loading a Word file."""
    return (
        value("Hidden", True),
        value("ReadOnly", True),
        # the filter "MS Word 2007 XML" under another name, by which no events of VBA are prepared
        value("FilterName", "Office Open XML Text"),
        # com.sun.star.document.MacroExecMode.NEVER_EXECUTE, UpdateDocMode.NO_UPDATE:
        # a template runs nothing and fetches nothing
        value("MacroExecutionMode", 0),
        value("UpdateDocMode", 0),
    )


def export() -> tuple[Any, ...]:
    """The properties of an export of all pages."""
    data = (
        value("SelectPdfVersion", _PDF_A_2B),
        # bookmarks tell where the seal goes, and which pages are which letter's
        value("ExportBookmarksToPDFDestination", True),
        value("ExportBookmarks", False),
        value("IsSkipEmptyPages", False),
        value("ReduceImageResolution", False),
    )
    return (
        value("FilterName", "writer_pdf_Export"),
        value("FilterData", uno.Any("[]com.sun.star.beans.PropertyValue", data)),
    )


def value(name: str, content: object) -> Any:
    """A property with its value."""
    made = PropertyValue()
    made.Name = name
    made.Value = content
    return made


def answer(message: dict[str, object]) -> None:
    """The answer has left."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
