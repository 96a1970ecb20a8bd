"""Log lines: a sentence and its fields, as JSON on stderr, without personal data."""

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

from schemas.visible import visible, visible_json
from workers.settings import Settings


def _where(exc_info: ExcInfo) -> str:
    """Where a defect came up: classes, files and lines, innermost last.

    What the exceptions say stays out, and what variables hold: it may be a person's.
    """
    told = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        told.append("\n  ".join([type(error).__name__, *places]))
        error = error.__cause__ or error.__context__
    return "\n".join(reversed(told))


def set_up_logs(settings: Settings) -> None:
    """Log lines of at least the configured level go to stderr; the libraries' warnings too."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    pretty = sys.stderr.isatty()
    renderer = (
        structlog.dev.ConsoleRenderer()
        if pretty
        else structlog.processors.JSONRenderer(visible_json)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_where),
            *([_shown] if pretty else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # pika tells each failed attempt several times; ours tells it once
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(name)s")


def _shown(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The fields as a terminal may show them; only a traceback has lines."""
    return {
        name: visible(value, lines=name == "exception") if isinstance(value, str) else value
        for name, value in event.items()
    }
