"""Log lines: a sentence and its fields, as JSON on stderr, without personal data."""

import logging
import sys

import structlog

from workers.settings import Settings


def set_up_logs(settings: Settings) -> None:
    """Log lines of at least the configured level go to stderr; the libraries' warnings too."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    pretty = sys.stderr.isatty()
    renderer = (
        structlog.dev.ConsoleRenderer()
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # values of local variables stay out: they may be a person's
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # pika tells each failed attempt several times; ours tells it once
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(name)s")
