"""The profile of a LibreOffice, whole before its first start, with the macro that converts.

A conversion is one call. Between two calls from outside LibreOffice lays pages out for a screen,
counts words and collects them for completion, which costs a seventh of its work and helps nobody.
Letters follow one another in one frame: a new one for each costs some 5 ms more.
"""

import contextlib
from pathlib import Path

#: where ``office_host`` finds the macro
_LIBRARY, _MODULE = "Standard", "Hanyin"

#: says "" for a file that stands in its place, else what could not be done
_MACRO = """\
Function Convert(frame As Object, source As String, loading, target As String, exporting, _
    title As String) As String
  Dim document As Object
  On Error GoTo Failed
  Convert = "unreadable"
  document = frame.loadComponentFromURL(source, "_self", 0, loading)
  If IsNull(document) Then Exit Function
  Convert = "not exported"
  With document.DocumentProperties
    ' the title is the only description: no author, no editor, no comment
    .Title = title
    .Author = ""
    .ModifiedBy = ""
    .PrintedBy = ""
    .Subject = ""
    .Description = ""
    .Generator = ""
  End With
  document.storeToURL(target, exporting)
  Convert = ""
Failed:
  frame.setComponent(Nothing, Nothing)
  If Not IsNull(document) Then document.close(True)
End Function
"""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TYPE = '<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">\n'
_OF_LIBRARIES = 'xmlns:library="http://openoffice.org/2000/library"'

#: a profile that counts as new gets LibreOffice's own empty library in place of this one
_SETTINGS = (
    f"{_HEAD}"
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Setup/Office">'
    '<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop>'
    "</item></oor:items>\n"
)


def write_profile(profile: Path, program: Path) -> None:
    """The folder ``profile``, which is new, is one that ``program`` need not make ready.

    Raises ``OSError``.
    """
    user = profile / "user"
    (user / "extensions").mkdir(parents=True)
    _tell_build(user, program)
    (user / "registrymodifications.xcu").write_text(_SETTINGS)
    folder = user / "basic" / _LIBRARY
    folder.mkdir(parents=True)
    for kind, modules in (("script", [_MODULE]), ("dialog", [])):
        (user / "basic" / f"{kind}.xlc").write_text(_libraries())
        (folder / f"{kind}.xlb").write_text(_library(modules))
    (folder / f"{_MODULE}.xba").write_text(_module())


def _tell_build(user: Path, program: Path) -> None:
    """The profile says which LibreOffice it belongs to, which then need not start twice.

    It compares the two, and where they differ clears its extensions and asks for a restart.
    """
    with contextlib.suppress(OSError):
        lines = program.with_name("versionrc").read_text().splitlines()
        for build in [line.partition("=")[2] for line in lines if line.startswith("buildid=")]:
            (user / "extensions" / "buildid").write_text(build)


def _libraries() -> str:
    return (
        f"{_HEAD}{_TYPE.format('library:libraries', 'libraries')}<library:libraries"
        f' {_OF_LIBRARIES}><library:library library:name="{_LIBRARY}" library:link="false"/>'
        "</library:libraries>\n"
    )


def _library(modules: list[str]) -> str:
    names = "".join(f'<library:element library:name="{name}"/>' for name in modules)
    return (
        f"{_HEAD}{_TYPE.format('library:library', 'library')}<library:library {_OF_LIBRARIES}"
        f' library:name="{_LIBRARY}" library:readonly="true" library:passwordprotected="false">'
        f"{names}</library:library>\n"
    )


def _module() -> str:
    return (
        f"{_HEAD}{_TYPE.format('script:module', 'module')}<script:module"
        f' xmlns:script="http://openoffice.org/2000/script" script:name="{_MODULE}"'
        f' script:language="StarBasic">{_MACRO}</script:module>\n'
    )
