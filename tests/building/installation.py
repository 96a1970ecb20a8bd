"""A whole installation, worked through its command line as a user works it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.building.forking import Forked, run_forked
from workers import bootstrap
from workers.brokers import Delivery, OutgoingMessage, PublishOutcome
from workers.brokers.opening import open_mailbox
from workers.directory import load_directory
from workers.settings import Settings

#: a command that runs
Process = subprocess.Popen[bytes] | Forked
EXAMPLES = Path(__file__).parent.parent / "examples" / "in"
#: seconds after which a command that should have ended long ago is given up
_PATIENCE = 600


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Settings as variables of the environment; every command is a process of its own."""

    name: str
    variables: Mapping[str, str] = field(repr=False)
    #: commands are forked from a process that has loaded them, to be quick
    forked: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """The environment that commands run in: this installation's settings, and no other's."""
        plain = {key: value for key, value in os.environ.items() if not key.startswith("HANYIN_")}
        return {**plain, "HANYIN_LANG": "en", "HANYIN_LOG_LEVEL": "warning", **self.variables}

    def command(self, *words: str) -> list[str]:
        """The words that start the command."""
        return [sys.executable, "-m", "commands", *words]

    def started(
        self,
        *words: str,
        log: Path = Path(os.devnull),
        environment: Mapping[str, str] | None = None,
    ) -> Process:
        """The command runs, in a session of its own; what it says is in ``log``."""
        environment = environment or self.environment
        if self.forked:
            return Forked(words, environment, log, log)
        with log.open("ab") as output:
            return subprocess.Popen(
                self.command(*words),
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def ended(self, *words: str, within: float = _PATIENCE) -> subprocess.CompletedProcess[str]:
        """The command has run to its end, which takes it at most ``within`` seconds."""
        if self.forked:
            return run_forked(words, self.environment, within)
        return subprocess.run(
            self.command(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )

    def run(self, *words: str, codes: tuple[int, ...] = (0,), within: float = _PATIENCE) -> str:
        """What the command printed on stdout; fails where its exit code is none of ``codes``."""
        ended = self.ended(*words, within=within)
        assert ended.returncode in codes, (
            f"hanyin {' '.join(words)} ended with {ended.returncode}\n"
            f"{ended.stdout[-4000:]}\n{ended.stderr[-8000:]}"
        )
        return ended.stdout

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """The rows that the command prints with ``--json``."""
        found: list[dict[str, Any]] = json.loads(self.run(*words, "--json"))
        return found

    def publish(self, *files: Path) -> None:
        """The files' events are in the queue."""
        self.run("publish", *(str(file) for file in files))

    def publish_events(self, events: Iterable[Mapping[str, Any]], folder: Path) -> None:
        """The events are in the queue, by a file in ``folder``; nothing where there are none."""
        lines = [json.dumps(event) + "\n" for event in events]
        if lines:
            file = folder / "events.jsonl"
            file.write_text("".join(lines))
            self.publish(file)

    def put(self, events: Iterable[Mapping[str, Any]]) -> None:
        """The events are in the intake queue, without a process of its own."""
        given = list(events)
        bodies = [json.dumps(event).encode() for event in given]
        self._put(bodies, [event["type"] for event in given])

    def put_straight(self, bodies: Sequence[bytes]) -> None:
        """The bodies are in the intake queue, past every check of ``hanyin publish``."""
        self._put(bodies, ["hanyin.overpayment.confirmed.v1"] * len(bodies))

    def _put(self, bodies: Sequence[bytes], kinds: Sequence[str]) -> None:
        settings = self.settings()
        outlet = bootstrap.open_events_outlet(settings, load_directory(settings.directory_file))
        messages = [
            OutgoingMessage(
                exchange="hanyin.events",
                routing_key=kind,
                message_id=str(place),
                type=kind,
                body=body,
            )
            for place, (kind, body) in enumerate(zip(kinds, bodies, strict=True))
        ]
        assert {*outlet.publish(messages)} <= {PublishOutcome.CONFIRMED}
        outlet.close()

    def settings(self) -> Settings:
        """The settings, for looking behind the command line."""
        values = {
            key.removeprefix("HANYIN_").lower(): value
            for key, value in self.variables.items()
            if key.startswith("HANYIN_") and not key.startswith("HANYIN_TEST_")
        }
        return Settings(**values)  # type: ignore[arg-type]

    def mail(self, queue: str) -> list[Delivery]:
        """Every message in the queue, which stay there."""
        settings = self.settings()
        mailbox = open_mailbox(settings.broker, load_directory(settings.directory_file))
        return mailbox.read(queue, limit=1_000_000, remove=False)

    def letters(self, queue: str) -> list[dict[str, Any]]:
        """The messages of the queue, parsed."""
        return [json.loads(delivery.body) for delivery in self.mail(queue)]


def example_file(name: str) -> Path:
    """The contract's example whose file name begins with ``name``."""
    (file,) = EXAMPLES.glob(f"{name}-*.json")
    return file
