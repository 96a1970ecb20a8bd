"""Holidays and days worked instead of them, read from their file."""

from pathlib import Path

from pydantic import ValidationError

from schemas.errors import Misconfigured
from schemas.model_faults import faults_of
from schemas.workdays import WorkCalendar
from workers.toml_file import read_toml


def load_calendar(file: Path | None) -> WorkCalendar:
    """The calendar in ``file`` (TOML: ``holidays``, ``working_days``); Monday–Friday where None.

    Raises ``Misconfigured`` that names the file and every wrong entry.
    """
    if file is None:
        return WorkCalendar()
    try:
        return WorkCalendar.model_validate(read_toml(file, "HANYIN_CALENDAR_FILE"))
    except ValidationError as error:
        faults = faults_of(error)
        raise Misconfigured(
            f"HANYIN_CALENDAR_FILE：{file}：{faults.zh}",
            f"HANYIN_CALENDAR_FILE: {file}: {faults.en}",
        ) from None
