"""Compose, Dockerfile and Kubernetes base say what runs: it is started as they say, and answers."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
import yaml

from roadcase.embedded.account import nats_program, postgres_programs
from roadcase.embedded.files import ports as ports_to_try
from tests.system.alone import SERVICES, Alone, asked, health
from tests.system.containers import (
    COMPOSE,
    DOCKERFILE,
    KUBERNETES,
    SECRETS,
    Container,
    Image,
    compose,
    documents,
    instructions,
    kubernetes,
    pods,
)

BIN = Path(sys.executable).parent
SERVERS = {"postgres": "postgres:18", "nats": "nats:2.15-alpine"}


def checked(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def nats_of(container: Container, folder: Path, ports: dict[int, int]) -> Iterator[None]:
    """The server as the container would start it: its command, its file, ports that are free."""
    file = folder / "nats.conf"
    text = (KUBERNETES / "nats.conf").read_text().replace("/data", str(folder / "nats"))
    for there, here in ports.items():
        text = re.sub(rf": {there}\b", f": {here}", text)
    file.write_text(f"{text}\nhost: 127.0.0.1\n")
    command = [each.replace("/etc/nats/nats.conf", str(file)) for each in container.command]
    process = subprocess.Popen([nats_program(), *command], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def service_of(container: Container, folder: Path, ports: dict[str, int]) -> Iterator[Alone]:
    """The service from an image of its own, beside servers that are elsewhere than it thinks."""
    image = Image(container.name, folder)
    env = image.environment(container)
    for there, port in ports.items():
        env = {name: text.replace(f"@{there}", f"@127.0.0.1:{port}") for name, text in env.items()}
    process = subprocess.Popen(
        image.command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
        cwd=folder / "app",
    )
    try:
        this = Alone(process)
        this.wait_until_ready()
        probe(container, urlsplit(f"http://{this.http}").port, env)
        status, told = asked(this.http, "/readyz")
        assert (status, told["status"]) == (200, "ready")  # it may wait for who is not there yet
        assert health(this.grpc) == "SERVING"
        yield this
        assert this.end() == 0
    finally:
        process.kill()
        process.communicate()


def waits_for_nobody(service: Alone) -> None:
    """Once all are there, each hears those that it waited for."""
    until = time.monotonic() + 30
    while (told := asked(service.http, "/readyz")) != (200, {"status": "ready"}):
        assert time.monotonic() < until, told
        time.sleep(0.2)


def probe(container: Container, port: int, env: dict[str, str] | None = None) -> None:
    """Ask as the file says, at the port that it is in truth; within seconds it is well."""
    for each in container.probes:
        until = time.monotonic() + 10
        while not (well := _well(each, port, env)) and time.monotonic() < until:
            time.sleep(0.1)
        assert well, each


def _well(each: list[str] | str, port: int, env: dict[str, str] | None) -> bool:
    if isinstance(each, str):
        try:
            return httpx.get(f"http://127.0.0.1:{port}{each}").status_code == 200
        except httpx.TransportError:
            return False
    if each[0] == "wget":
        return _well(urlsplit(each[-1]).path, port, env)
    if each[0] == "pg_isready":
        program = str(postgres_programs(None) / each[0])
        return subprocess.run([program, *each[1:], "-p", str(port)]).returncode == 0
    told = [text.replace(":8080", f":{port}") for text in each]
    program = shutil.which(told[0], path=env["PATH"]) if env else None
    return subprocess.run([program, *told[1:]], env=env).returncode == 0


async def made_as_told(container: Container, url: str) -> None:
    """What the image of PostgreSQL makes from its environment when its folder is empty."""
    admin = await asyncpg.connect(url)
    user, database = container.env["POSTGRES_USER"], container.env["POSTGRES_DB"]
    password = container.env["POSTGRES_PASSWORD"]
    if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", user):
        await admin.execute(f"CREATE ROLE {user} SUPERUSER LOGIN")
    await admin.execute(f"ALTER ROLE {user} PASSWORD '{password}'")
    await admin.execute(f"CREATE DATABASE {database} OWNER {user}")
    await admin.close()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("containers", [compose, kubernetes])
async def test_every_container_starts_as_told_and_its_probes_answer(
    containers, own_postgres, tmp_path
):
    found = containers()
    postgres, nats = found.pop("postgres"), found.pop("nats")
    await made_as_told(postgres, own_postgres.url)
    probe(postgres, own_postgres.port)
    client, monitor = islice(ports_to_try(tmp_path / "port"), 2)
    ports = {"postgres:5432": own_postgres.port, "nats:4222": client}
    with ExitStack() as stack:
        stack.enter_context(nats_of(nats, tmp_path, {4222: client, 8222: monitor}))
        probe(nats, monitor)
        services = [
            stack.enter_context(service_of(container, tmp_path / name, ports))
            for name, container in found.items()
        ]
        for service in services:
            waits_for_nobody(service)


@pytest.mark.parametrize("containers", [compose, kubernetes])
def test_no_service_is_forgotten(containers):
    found = containers()
    assert sorted({*found} - {*SERVERS}) == SERVICES
    for service in SERVICES:
        assert found[service].image == f"roadcase/{service}"
    assert {name: found[name].image for name in SERVERS} == SERVERS
    for container in found.values():
        assert "." not in container.image.partition("/")[0] or ":" in container.image


def test_compose_is_what_its_specification_allows():
    checked(str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(COMPOSE))
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    for name in SERVICES:
        build = services[name]["build"]
        assert build["args"] == {"SERVICE": name}
        assert Path(build["context"], build["dockerfile"]).is_file()
    ports = [port for each in services.values() for port in each.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports) == 2 * len(SERVICES)


def test_a_variable_that_compose_asks_for_is_in_the_example():
    asked_for = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text()))
    assert asked_for == set(SECRETS)
    example = Path("deploy/env.example").read_text()
    for name in re.findall(r"\$\{(\w+)", COMPOSE.read_text()):
        assert f"\n{name}=" in example or name == "ROADCASE_LOG_LEVEL"


def test_the_dockerfile_takes_what_is_there_locked_and_runs_as_nobody():
    text = DOCKERFILE.read_text()
    assert "--require-hashes -r /tmp/run.lock" in text
    sources = re.findall(r"(?m)^COPY (?!--from)(\S+) ", text)
    let_in = [line[1:] for line in Path(".dockerignore").read_text().splitlines() if line[0] == "!"]
    for service in SERVICES:
        for source in sources:
            path = source.replace("${SERVICE}", service)
            assert Path(path).exists()
            assert any(path == each or path.startswith(f"{each}/") for each in let_in)
    told = dict(instructions("ticketing"))
    user = int(told["USER"].partition(":")[0])
    assert user >= 1000
    assert not re.search(r"https?://|--index-url|(?m:^FROM \S+\.\S+/)", text)


def test_every_document_is_what_kubernetes_allows(tmp_path):
    listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    there = {each.name for each in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(listed) == there
    files = [str(KUBERNETES / name) for name in listed]
    checked(str(BIN / "kubernetes-validate"), "--strict", *files)


def test_kustomize_builds_what_kubernetes_allows(tmp_path):
    if not (kubectl := shutil.which("kubectl")):
        pytest.skip("there is no kubectl here")
    built = tmp_path / "built.yaml"
    built.write_text(checked(kubectl, "kustomize", str(KUBERNETES)))
    checked(str(BIN / "kubernetes-validate"), "--strict", str(built))
    kinds = {each["kind"] for each in yaml.safe_load_all(built.read_text())}
    assert "ConfigMap" in kinds


def test_pods_have_no_more_rights_than_they_need():
    for spec in pods().values():
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {"requests", "limits"} == set(container["resources"])
    (namespace,) = (each for each in documents() if each["kind"] == "Namespace")
    assert "restricted" in namespace["metadata"]["labels"].values()


def test_the_network_denies_and_secrets_are_only_referred_to():
    policies = [each["spec"] for each in documents() if each["kind"] == "NetworkPolicy"]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in policies
    assert not [each for each in documents() if each["kind"] == "Secret"]
    for name in (*SERVICES, *SERVERS):
        kinds = {each["kind"] for each in documents() if each["metadata"]["name"] == name}
        assert {"Service", "PodDisruptionBudget"} <= kinds


def test_what_nats_acknowledges_is_on_disk():
    assert "sync_interval: always" in (KUBERNETES / "nats.conf").read_text()
    assert yaml.safe_load(COMPOSE.read_text())["configs"]["nats"]["file"] == "deploy/k8s/nats.conf"
