"""The host of one LibreOffice: starts it, converts Word files, answers over standard output.

It is run by the distribution's python3, which has the ``uno`` module, so it uses nothing else of
the project. A request is a JSON line on standard input, the answer a JSON line on standard
output: ``{"load": path, "letters": [{"store": path, "title": text}, …]}`` → ``{"ok": true,
"pages": [count, …]}`` or ``{"ok": false, "reason": word}``. Of several letters in one Word file
each is exported by its own page range. It ends with its parent, and LibreOffice ends with it.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_PR_SET_PDEATHSIG = 1
#: a new profile makes LibreOffice end once with this code and ask to be started again
_RESTART = 81
#: seconds for LibreOffice to start
_START_SECONDS = 60.0
#: PDF/A-2b (ISO 19005-2) in LibreOffice's numbering of PDF versions
_PDF_A_2B = 2


def main(parent: int, program: str, profile: str) -> int:
    """Requests are answered until standard input ends; the exit code is 1 where nothing starts."""
    die_with(parent)
    name = f"hanyin{os.getpid()}"
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
        f"-env:UserInstallation=file://{profile}",
    ]
    office, desktop = start(words, name)
    answer({"ok": True})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer({"ok": True, "pages": convert(desktop, request)})
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
    """LibreOffice runs and its desktop answers: (process, desktop)."""
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
        try:
            context = resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
            return office, context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )
        except NoConnectException:
            time.sleep(0.05)
    sys.exit(1)


def spawn(words: list[str], own: int) -> Any:
    """LibreOffice's process, which ends with this one."""
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: die_with(own),  # noqa: PLW1509 -- this process has one thread
    )


def convert(desktop: Any, request: dict[str, Any]) -> list[int]:
    """Each PDF/A stands in its file ``store``: the pages of each, as LibreOffice counts them.

    RuntimeError where the Word file cannot be read. A letter that is alone in its file is not
    counted (0).
    """
    document = desktop.loadComponentFromURL(
        "file://" + request["load"],
        "_blank",
        0,
        (
            value("Hidden", True),
            value("ReadOnly", True),
            value("FilterName", "MS Word 2007 XML"),
            # com.sun.star.document.MacroExecMode.NEVER_EXECUTE, UpdateDocMode.NO_UPDATE:
            # a template runs nothing and fetches nothing
            value("MacroExecutionMode", 0),
            value("UpdateDocMode", 0),
        ),
    )
    if document is None:
        raise RuntimeError("unreadable")
    try:
        letters = request["letters"]
        if len(letters) == 1:
            describe(document.DocumentProperties, letters[0]["title"])
            document.storeToURL("file://" + letters[0]["store"], export())
            return [0]
        return export_each(document, letters)
    finally:
        document.close(True)


def export_each(document: Any, letters: list[dict[str, str]]) -> list[int]:
    """Every letter's pages are in its file, and no other letter's: the pages of each."""
    firsts = [page_of(document, f"first_{number}") for number in range(len(letters))]
    lasts = [page_of(document, f"last_{number}") for number in range(len(letters) - 1)]
    lasts.append(last_page(document))
    ranges = list(zip(firsts, lasts))  # noqa: B905 -- 3.9
    for number, (letter, (first, last)) in enumerate(zip(letters, ranges)):  # noqa: B905 -- 3.9
        describe(document.DocumentProperties, letter["title"])
        own = [name for name in document.Bookmarks.ElementNames if name.endswith(f"_{number}")]
        marks = [document.Bookmarks.getByName(name) for name in own]
        for name, mark in zip(own, marks):  # noqa: B905 -- 3.9
            mark.Name = name[: -len(f"_{number}")]
        document.storeToURL("file://" + letter["store"], export(f"{first}-{last}"))
        for mark in marks:
            mark.dispose()
    return [last - first + 1 for first, last in ranges]


def page_of(document: Any, name: str) -> int:
    """The page of the bookmark, from 1, counted with pages left blank; the bookmark is gone."""
    mark = document.Bookmarks.getByName(name)
    cursor = document.CurrentController.ViewCursor
    cursor.gotoRange(mark.Anchor, False)
    page: int = cursor.getPage()
    # it would be a destination in the file
    mark.dispose()
    return page


def last_page(document: Any) -> int:
    """The last page, from 1, counted with pages left blank."""
    cursor = document.CurrentController.ViewCursor
    cursor.jumpToLastPage()
    page: int = cursor.getPage()
    return page


def describe(properties: Any, title: str) -> None:
    """The title is the document's only description: no author, no editor, no comment."""
    properties.Title = title
    for name in ("Author", "ModifiedBy", "PrintedBy", "Subject", "Description", "Generator"):
        setattr(properties, name, "")


def export(pages: str = "") -> tuple[Any, ...]:
    """The properties of the export of ``pages``, e.g. 3-4; of all where none are named."""
    data = [
        value("SelectPdfVersion", _PDF_A_2B),
        # the template's bookmarks tell where the seal goes
        value("ExportBookmarksToPDFDestination", True),
        value("ExportBookmarks", False),
        value("IsSkipEmptyPages", False),
        value("ReduceImageResolution", False),
    ]
    if pages:
        data.append(value("PageRange", pages))
    return (
        value("FilterName", "writer_pdf_Export"),
        value("FilterData", uno.Any("[]com.sun.star.beans.PropertyValue", tuple(data))),
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
