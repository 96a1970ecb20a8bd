"""``python -m tests.servers prepare`` and ``python -m tests.servers run [--only …] -- COMMAND…``.

``run`` starts RabbitMQ, PostgreSQL and an S3 store, tells the command where they are
(``HANYIN_TEST_…``), and stops them when it ends, however it ends. A server that a variable names
already is left as it is.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import quote

from tests.servers import addresses
from tests.servers.postgresql import postgresql
from tests.servers.process import ServerFailed
from tests.servers.rabbitmq import rabbitmq
from tests.servers.s3 import prepare, s3


def _rabbitmq(stack: ExitStack) -> dict[str, str]:
    node = stack.enter_context(rabbitmq())
    return {addresses.RABBITMQ: node.url, addresses.RABBITMQ_CONTROL: node.to_json()}


def _postgresql(stack: ExitStack) -> dict[str, str]:
    return {addresses.POSTGRESQL: stack.enter_context(postgresql()).url}


def _s3(stack: ExitStack) -> dict[str, str]:
    store = stack.enter_context(s3())
    secret = quote(store.secret_key, safe="")
    url = f"s3+http://{store.access_key}:{secret}@{store.endpoint}"
    return {addresses.S3: url, addresses.S3_MOTO: "" if store.locks else "1"}


_SERVERS: dict[str, tuple[str, Callable[[ExitStack], dict[str, str]]]] = {
    "rabbitmq": (addresses.RABBITMQ, _rabbitmq),
    "postgresql": (addresses.POSTGRESQL, _postgresql),
    "s3": (addresses.S3, _s3),
}


def _run(only: list[str], command: list[str]) -> int:
    environment = dict(os.environ)
    with ExitStack() as stack:
        for name in only:
            variable, start = _SERVERS[name]
            if os.environ.get(variable):
                _tell(f"{name}: {variable} is set")
                continue
            try:
                environment |= start(stack)
            except (FileNotFoundError, ServerFailed) as error:
                _tell(f"{name}: {error}")
                if os.environ.get("CI") == "true":
                    return 1
            else:
                _tell(f"{name}: started")
        return _follow(command, environment)


def _follow(command: list[str], environment: dict[str, str]) -> int:
    """The command's exit code; it is ended when we are asked to end."""
    child = subprocess.Popen(command, env=environment)
    try:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                # The terminal has told the child too; it says how far it came.
                continue
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a program for people


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.servers")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("prepare", help="build the S3 server where that is possible")
    run = verbs.add_parser("run", help="start the servers, run a command, stop them")
    run.add_argument("--only", default=",".join(_SERVERS), help="some of them, comma between")
    run.add_argument("command", nargs="+")
    asked = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, _frame: sys.exit(128 + signum))
    if asked.verb == "prepare":
        prepare()
        return 0
    return _run(asked.only.split(","), asked.command)


if __name__ == "__main__":
    sys.exit(main())
