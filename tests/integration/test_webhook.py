"""Alarms are posted: signed, without anybody's data, again after pauses, and nothing waits."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
from pydantic import SecretStr

from ledger import alarms, trail
from ledger.database import Database
from schemas.errors import Misconfigured
from tests.building.certificates import certificate_for
from tests.building.installation import Installation, example_file
from tests.building.office import Office, example
from workers.settings import Settings
from workers.webhook import Telling, Webhook, require_safe

SECRET = "0123456789abcdef0123456789abcdef"


@dataclass(kw_only=True)
class Receiver:
    """A server that keeps what it was told."""

    port: int
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: headers, in lower case, and body of each request
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=t0ken"

    def alarms(self) -> list[dict[str, Any]]:
        return [each for _, body in self.got for each in json.loads(body)["alarms"]]


@contextmanager
def receiver(tls: SSLContext | None = None) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(made.status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made = Receiver(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    yield opened
    opened.close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    return file


def webhook(url: str, secret: Path, **more: Any) -> Webhook:
    made = Webhook.of(Settings(alarm_url=SecretStr(url), alarm_secret_file=secret, **more))
    assert made is not None
    return made


def telling(office: Office, url: str, secret: Path) -> Telling:
    database = Database(office.url)
    return Telling(database=database, webhook=webhook(url, secret), clock=office.clock)


def raise_(office: Office, kind: str = "object_not_intact", **more: Any) -> None:
    with office.database.writing() as connection:
        trail.note(connection, at=office.clock(), actor="x", action=kind, alarm=True, **more)


def round_(stage: Telling, office: Office, seconds: float = 1.0) -> int:
    office.clock.move(timedelta(seconds=seconds))
    return stage.step()


def verified(headers: dict[str, str], body: bytes, key: bytes = SECRET.encode()) -> bool:
    """As a receiver does it by Standard Webhooks 1.0."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(f"v1,{wanted}", headers["webhook-signature"])


def test_an_alarm_is_posted_once_and_signed(office: Office, there: Receiver, secret: Path) -> None:
    stage = telling(office, there.url, secret)
    raise_(office)
    assert round_(stage, office) == 1
    assert round_(stage, office) == 0
    ((headers, body),) = there.got
    assert verified(headers, body)
    assert not verified(headers, body + b" ")
    assert headers["content-type"] == "application/json"
    (told,) = json.loads(body)["alarms"]
    assert told["alarm"] == "object_not_intact"
    assert told["advice_en"]
    stage.close()


def test_a_secret_of_standard_webhooks_is_decoded(
    office: Office, there: Receiver, tmp_path: Path
) -> None:
    key = bytes(range(32))
    file = tmp_path / "coded"
    file.write_text("whsec_" + base64.b64encode(key).decode())
    stage = telling(office, there.url, file)
    raise_(office)
    round_(stage, office)
    ((headers, body),) = there.got
    assert verified(headers, body, key)
    stage.close()


def test_nobodys_data_leaves(office: Office, there: Receiver, secret: Path) -> None:
    case = example("01")
    case["data"]["overpayments"][0]["paid_to"] = None
    office.take(case, example("24"))
    office.work()
    letter = office.register()[0]
    raise_(office, "document_failed", subject=letter["document_id"], details={"code": "x"})
    raise_(office, "quota_bytes_used_up", details={"speaker": "user somebody", "agency": ""})
    stage = telling(office, there.url, secret)
    round_(stage, office)
    text = there.got[0][1].decode()
    told = {each["alarm"]: each for each in there.alarms()}
    assert told["nobody_to_stop"]["agency"] == "430111"
    assert told["document_failed"]["number"] == letter["number"]
    party = case["data"]["party"]
    for value in (party["name"], party["id_number"], case["subject"], "somebody"):
        assert value not in text
    assert all(card["account_number"] not in text for card in case["data"]["benefit_cards"])
    stage.close()


def test_what_is_not_taken_is_offered_again_after_pauses_that_grow(
    office: Office, there: Receiver, secret: Path
) -> None:
    stage = telling(office, there.url, secret)
    there.status = 500
    raise_(office)
    tries = [second for second in range(1, 90) if round_(stage, office)]
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert len(gaps) >= 3
    assert all(later >= 1.5 * earlier for earlier, later in pairwise(gaps))
    assert len({headers["webhook-id"] for headers, _ in there.got}) == 1
    there.status = 204
    assert round_(stage, office, seconds=3600) == 1
    assert round_(stage, office, seconds=3600) == 0
    stage.close()


def test_it_is_offered_for_three_days_and_no_longer(
    office: Office, there: Receiver, secret: Path
) -> None:
    stage = telling(office, there.url, secret)
    there.status = 500
    raise_(office)
    for _ in range(24 * 3 + 1):
        round_(stage, office, seconds=3600)
    asked = len(there.got)
    assert asked <= 24 * 3
    for _ in range(5):
        round_(stage, office, seconds=3600)
    assert len(there.got) == asked
    with office.database.reading() as connection:
        assert len(alarms.unfinished(connection)) == 1
    stage.close()


def test_many_go_in_few_requests(office: Office, there: Receiver, secret: Path) -> None:
    stage = telling(office, there.url, secret)
    for _ in range(130):
        raise_(office)
    assert round_(stage, office) + round_(stage, office) == 130
    assert len(there.got) == 2
    assert len({each["id"] for each in there.alarms()}) == 130
    stage.close()


def test_two_workers_tell_one_alarm_once(office: Office, there: Receiver, secret: Path) -> None:
    first, second = (telling(office, there.url, secret) for _ in range(2))
    raise_(office)
    office.clock.move(timedelta(seconds=1))
    assert (first.step(), second.step()) == (1, 0)
    # the claim is the first's for a while, whatever comes
    raise_(office)
    office.clock.move(timedelta(seconds=1))
    assert (second.step(), first.step()) == (0, 1)
    first.close()
    second.close()


def test_a_redirect_is_not_followed(office: Office, there: Receiver, secret: Path) -> None:
    with receiver() as elsewhere:
        there.status, there.headers = 307, {"Location": elsewhere.url}
        assert webhook(there.url, secret).post([], office.clock()) == "HTTP 307"
        assert elsewhere.got == []


def test_a_server_that_says_nothing_is_left_after_seconds(office: Office, secret: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        began = time.monotonic()
        assert webhook(url, secret).post([], office.clock()) is not None
        assert time.monotonic() - began < 10


def test_what_went_wrong_names_no_address(office: Office, secret: Path) -> None:
    refusal = webhook("http://127.0.0.1:1/hook?token=t0ken", secret).post([], office.clock())
    assert refusal is not None
    assert "t0ken" not in refusal
    assert "t0ken" not in repr(webhook("http://127.0.0.1:1/hook?token=t0ken", secret))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "http://10.0.0.1/",
        "http://localhost.example.org/",
        "http://127.0.0.1.example.org/",
        "http://[::ffff:10.0.0.1]/",
        "ftp://example.org/",
        "https://user:password@example.org/",
        "https://",
        "https://example.org:0/",
        "https://example.org:99999/",
        "example.org",
    ],
)
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="HANYIN_ALARM_URL"):
        require_safe(url)


@pytest.mark.parametrize(
    "url",
    ["https://example.org/hook", "http://127.0.0.1:8080/", "http://[::1]/", "http://localhost/"],
)
def test_https_is_taken_and_http_on_this_machine(url: str) -> None:
    require_safe(url)


def test_a_secret_is_needed_and_not_a_short_one(tmp_path: Path) -> None:
    url = SecretStr("https://example.org/")
    with pytest.raises(Misconfigured, match="HANYIN_ALARM_SECRET_FILE"):
        Webhook.of(Settings(alarm_url=url))
    file = tmp_path / "short"
    for text in ("short", "whsec_c2hvcnQ=", "whsec_!!!!", ""):
        file.write_text(text)
        with pytest.raises(Misconfigured, match="HANYIN_ALARM_SECRET_FILE"):
            Webhook.of(Settings(alarm_url=url, alarm_secret_file=file))
    assert Webhook.of(Settings()) is None


def test_only_a_server_that_the_authority_vouches_for_is_told(
    office: Office, secret: Path, tmp_path: Path
) -> None:
    certificate = certificate_for(tmp_path, "localhost")
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    with receiver(context) as there:
        url = f"https://localhost:{there.port}/"
        assert webhook(url, secret).post([], office.clock()) is not None
        assert there.got == []
        trusting = webhook(url, secret, alarm_ca_file=certificate)
        assert trusting.post([], office.clock()) is None
        assert len(there.got) == 1


def _with_hook(embedded: Installation, url: str, secret: Path) -> Installation:
    variables = {"HANYIN_ALARM_URL": url, "HANYIN_ALARM_SECRET_FILE": str(secret)}
    return replace(embedded, variables={**embedded.variables, **variables}, forked=True)


def _alarming(installation: Installation, folder: Path) -> None:
    event = json.loads(example_file("01").read_text())
    event["data"]["overpayments"][0]["paid_to"] = None
    installation.publish_events([event], folder)


def test_a_drain_tells_what_it_raised(
    embedded: Installation, there: Receiver, secret: Path, tmp_path: Path
) -> None:
    installation = _with_hook(embedded, there.url, secret)
    _alarming(installation, tmp_path)
    installation.run("work", "--drain", "--only", "receive,apply,reconcile")
    assert [each["alarm"] for each in there.alarms()] == ["nobody_to_stop"]
    installation.run("alarms", "test")
    assert there.got[-1][1].count(b'"alarms": []') == 1
    there.status = 500
    installation.run("alarms", "test", codes=(5,))


def test_a_webhook_that_hangs_holds_nothing_up(
    embedded: Installation, secret: Path, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        installation = _with_hook(embedded, url, secret)
        _alarming(installation, tmp_path)
        began = time.monotonic()
        ended = installation.ended("work", "--drain", "--only", "receive,apply,reconcile")
        assert ended.returncode == 0
        assert "done: 1 events" in ended.stderr
        assert time.monotonic() - began < 60
    # it is away now: told again later, and the alarm stands
    assert [row["alarm"] for row in installation.rows("alarms")] == ["nobody_to_stop"]


def test_a_wrong_setting_is_said_at_the_start(embedded: Installation, secret: Path) -> None:
    installation = _with_hook(embedded, "http://example.org/", secret)
    ended = installation.ended("work", "--drain")
    assert ended.returncode == 4
    assert "HANYIN_ALARM_URL" in ended.stderr
