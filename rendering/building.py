"""A renderer, built from plain values."""

from pathlib import Path

from rendering.fonts import write_configuration
from rendering.office import Office, OfficeSettings
from rendering.renderer import Renderer


def build_renderer(
    *,
    work_dir: Path,
    office_python: Path = Path("/usr/bin/python3"),
    office_program: Path | None = None,
    timeout: float = 60.0,
) -> Renderer:
    """A renderer with a LibreOffice of its own, which starts with the first letter.

    ``work_dir`` holds font configuration, profile and files on their way; ``timeout`` is seconds
    a letter. Raises ``Misconfigured`` where fonts cannot be listed.
    """
    fonts = write_configuration(work_dir)
    settings = OfficeSettings(
        work_dir=work_dir,
        python=office_python,
        program=office_program,
        timeout=timeout,
        variables={"FONTCONFIG_FILE": str(fonts), "LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"},
    )
    return Renderer(Office(settings), fonts=fonts)
