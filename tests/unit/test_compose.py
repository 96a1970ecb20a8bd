"""docker-compose.yml, as far as it can be read without an engine."""

import os
import re
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from annotated_types import Le

from commands.main import app
from ledger.database import Database
from workers.directory import load_directory
from workers.metrics.serving import serving
from workers.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

#: Members of the Compose Specification that this file uses; another one is a typo until it is
#: added here.
TOP = {"name", "services", "secrets", "volumes"}
MEMBERS = {
    *("build", "cap_drop", "command", "depends_on", "entrypoint", "environment", "healthcheck"),
    *("hostname", "image", "init", "logging", "ports", "profiles", "read_only", "restart"),
    *("secrets", "security_opt", "stop_grace_period", "tmpfs", "volumes"),
}
HEALTHCHECK = {"test", "interval", "timeout", "retries", "start_period"}
CONDITIONS = {"service_healthy", "service_completed_successfully"}

RELEASE = r"[\w.-]*(\d+\.\d+|RELEASE\.\d{4}-\d{2}-\d{2})[\w.-]*"
#: deploy/pin-images.sh writes it; which digests are the right ones only the registries know
DIGEST = r"@sha256:[0-9a-f]{64}"

every_service = pytest.mark.parametrize("name", SERVICES)


def environment(name: str) -> dict[str, str]:
    found: dict[str, str] = SERVICES[name].get("environment", {})
    return found


def test_the_file_has_only_members_that_compose_knows() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} <= TOP
    for service in SERVICES.values():
        assert set(service) <= MEMBERS
        assert set(service.get("healthcheck", {})) <= HEALTHCHECK


@every_service
def test_a_service_has_a_health_check_or_waits_for_those_that_have(name: str) -> None:
    service = SERVICES[name]
    assert "healthcheck" in service or "depends_on" in service
    for other, wait in service.get("depends_on", {}).items():
        assert wait["condition"] in CONDITIONS
        if wait["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]
        else:
            assert SERVICES[other]["restart"] == "no"


@every_service
def test_an_image_is_pinned_to_a_release_and_its_digest(name: str) -> None:
    image = SERVICES[name]["image"]
    # the one that is built here has no digest before it is built
    assert re.fullmatch(rf"\S+:{RELEASE}{DIGEST}|hanyin:{RELEASE}", image)


def test_the_image_is_built_from_a_pinned_base_and_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if re.fullmatch(rf"FROM \S+:\S*\d{{8}}[\w.-]*{DIGEST}", line)]
    assert "USER hanyin" in lines


def test_images_can_be_pinned_to_their_digests_again_and_again(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    files = [tmp_path / name for name in ("docker-compose.yml", "Dockerfile")]
    for file in files:
        shutil.copy(ROOT / file.name, file)
    before = [file.read_text() for file in files]
    for digit in "ab":
        docker = tmp_path / "docker"
        docker.write_text(f'#!/bin/sh\necho "$4" >>"{tmp_path}/asked"\necho sha256:{digit * 64}\n')
        docker.chmod(0o755)
        path = f"{tmp_path}:{os.environ['PATH']}"
        script = [str(tmp_path / "deploy" / "pin-images.sh")]
        subprocess.run(script, env=os.environ | {"PATH": path}, check=False, capture_output=True)
        pinned = [file.read_text() for file in files]
        assert "".join(pinned).count(f"@sha256:{digit * 64}\n") == 5
        assert [re.sub(r"@sha256:\w+", "", text) for text in pinned] == [
            re.sub(r"@sha256:\w+", "", text) for text in before
        ]
    asked = (tmp_path / "asked").read_text().split()
    assert len(asked) == 10
    assert not any("@" in name or name.startswith("hanyin") for name in asked)


@every_service
def test_every_setting_is_one_that_the_program_has(name: str) -> None:
    settings = {key for key in environment(name) if key.startswith("HANYIN_")}
    assert {key.removeprefix("HANYIN_").lower() for key in settings} <= set(Settings.model_fields)


def test_the_workers_get_broker_ledger_and_store_and_the_settings_accept_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment("workers").items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:\?[^}]*\}", "0f0f", value))
    settings = Settings()
    assert settings.broker.startswith("amqp://hanyin:0f0f@rabbitmq:")
    assert settings.database.startswith("postgresql://hanyin:0f0f@postgresql:")
    assert settings.storage == "s3+http://minio:9000/letters"
    assert not settings.embedded


@every_service
def test_a_host_in_an_address_is_a_service(name: str) -> None:
    values = re.sub(r"\$\{[^}]*\}", "", " ".join(environment(name).values()))
    hosts = re.findall(r"://(?:[^@/\s]*@)?([a-z0-9.-]+)[:/]", values)
    assert hosts or name not in {"migrate", "timers", "workers"}
    assert set(hosts) <= set(SERVICES)


@every_service
def test_no_password_stands_in_the_file_or_has_a_default(name: str) -> None:
    for key, value in environment(name).items():
        if re.search(r"PASS|SECRET|_URL$", key) and not key.endswith("_FILE"):
            literal = re.sub(r"\$\{\w+:\?[^}]+\}", "", value)
            assert not re.search(r"://[^/@]*:[^/@]+@", literal)
            assert key.endswith("_URL") or literal == ""
    assert not re.search(r"\$\{\w+(:?-|\})", str(SERVICES[name]))


def test_every_secret_and_volume_that_is_used_is_declared_and_the_other_way_round() -> None:
    secrets = {secret for each in SERVICES.values() for secret in each.get("secrets", [])}
    mounts = {volume.partition(":")[0] for each in SERVICES.values() for volume in each["volumes"]}
    files = {mount for mount in mounts if mount.startswith("./")}
    assert secrets == set(COMPOSE["secrets"])
    assert mounts - files == set(COMPOSE["volumes"])
    # the one that the operator makes, for spreadsheets
    assert all((ROOT / file).exists() for file in files - {"./spreadsheets"})
    assert all(set(each) == {"environment"} for each in COMPOSE["secrets"].values())


@every_service
def test_ports_are_open_on_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_the_command_of_a_worker_is_one_that_the_program_has() -> None:
    assert {"work", "migrate", "doctor"} <= set(typer.main.get_group(app).commands)
    assert SERVICES["workers"]["command"] == ["work"]
    assert SERVICES["migrate"]["command"] == ["migrate"]


def test_the_health_of_the_workers_is_asked_without_python() -> None:
    kind, program, port = SERVICES["workers"]["healthcheck"]["test"]
    assert kind == "CMD"
    inside = program.removeprefix("/opt/hanyin/")
    assert (ROOT / inside).read_text().startswith("#!/usr/bin/env bash")
    assert "python" not in (ROOT / inside).read_text()
    assert f"!{inside}" in (ROOT / ".dockerignore").read_text().splitlines()
    assert environment("workers")["HANYIN_METRICS_LISTEN"].endswith(f":{port}")


def _is_healthy(port: int) -> bool:
    script = [str(ROOT / "deploy" / "health.sh"), str(port)]
    return not subprocess.run(script, check=False, capture_output=True, timeout=30).returncode


def test_the_health_script_asks_livez(tmp_path: Path) -> None:
    ledger = Database(f"sqlite:///{tmp_path}/none.db")
    with serving("127.0.0.1:0", [], ledger) as port:
        assert _is_healthy(port)
    assert not _is_healthy(port)


@pytest.mark.parametrize("answer", ["HTTP/1.0 404 Not Found", "HTTP/1.0 503 Away", "", "x"])
def test_whoever_answers_otherwise_is_not_healthy(answer: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=_answer, args=(server, answer))
        answering.start()
        assert not _is_healthy(server.getsockname()[1])
        answering.join()


def _answer(server: socket.socket, line: str) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1024)
        connection.sendall(f"{line}\r\n\r\n".encode())


@every_service
def test_what_a_service_says_does_not_fill_the_disk(name: str) -> None:
    options = SERVICES[name]["logging"]["options"]
    assert re.fullmatch(r"[1-9]\d?m", options["max-size"])
    assert 1 < int(options["max-file"]) <= 10


def test_the_directory_and_spreadsheets_are_mounted_where_the_settings_look() -> None:
    for name in ("migrate", "workers", "timers"):
        mounts = dict(volume.split(":")[:2] for volume in SERVICES[name]["volumes"])
        modes = {
            volume.split(":")[1]: volume.split(":")[2:] for volume in SERVICES[name]["volumes"]
        }
        assert mounts["./config"] == "/config"
        assert mounts["./spreadsheets"] == "/spreadsheets"
        assert modes["/config"] == modes["/spreadsheets"] == ["ro"]
        file = Path(environment(name)["HANYIN_DIRECTORY_FILE"])
        assert file.parent == Path("/config")
        assert load_directory(ROOT / "config" / file.name).agencies


def test_prometheus_asks_the_workers_and_its_rules_name_metrics_that_there_are() -> None:
    folder = ROOT / "deploy"
    scraped = yaml.safe_load((folder / "prometheus.yml").read_text())
    ((target,),) = [each["targets"] for each in scraped["scrape_configs"][0]["static_configs"]]
    host, _, port = target.partition(":")
    assert (SERVICES[host], environment(host)["HANYIN_METRICS_LISTEN"].rpartition(":")[2]) == (
        SERVICES["workers"],
        port,
    )
    assert scraped["rule_files"] == ["alerts.yml"]
    rules = yaml.safe_load((folder / "alerts.yml").read_text())["groups"][0]["rules"]
    told = (ROOT / "docs" / "metrics.md").read_text()
    for rule in rules:
        for metric in re.findall(r"hanyin_\w+", rule["expr"]):
            assert f"`{metric}`" in told


def test_the_tls_sample_opens_tls_alone_and_names_files_that_are_mounted() -> None:
    sample = yaml.safe_load((ROOT / "deploy" / "compose.tls.yml").read_text())
    assert set(sample["services"]) <= set(SERVICES)
    broker = sample["services"]["rabbitmq"]
    assert broker["ports"] == ["5671:5671"]
    conf = dict(
        line.split(" = ")
        for line in (ROOT / "deploy" / "rabbitmq-tls.conf").read_text().splitlines()
        if line and not line.startswith("#")
    )
    assert conf["listeners.ssl.default"] == "5671"
    assert {conf["ssl_options.versions.1"], conf["ssl_options.versions.2"]} == {
        "tlsv1.3",
        "tlsv1.2",
    }
    assert any(mount.startswith("./deploy/rabbitmq-tls.conf:") for mount in broker["volumes"])
    (folder,) = [each.split(":")[1] for each in broker["volumes"] if "deploy/tls:" in each]
    files = [value for name, value in conf.items() if name.endswith("file")]
    assert len(files) == 3
    assert all(Path(file).parent == Path(folder) for file in files)


def test_the_broker_takes_no_message_that_is_larger_than_an_event_may_be() -> None:
    assert "./deploy/rabbitmq.conf:" in str(SERVICES["rabbitmq"]["volumes"])
    (limit,) = re.findall(
        r"(?m)^max_message_size = (\d+)$", (ROOT / "deploy" / "rabbitmq.conf").read_text()
    )
    (largest,) = [
        bound.le for bound in Settings.model_fields["event_bytes"].metadata if isinstance(bound, Le)
    ]
    assert int(limit) == largest


def test_the_image_gets_every_room_and_no_more() -> None:
    kept = {
        line.removeprefix("!").partition("/")[0]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert rooms <= kept
    assert not kept & {"tests", "bench", ".git", ".venv", ".cache", "var"}
