"""The deploy target: byte for byte, against the published schema, and with hostile texts."""

from __future__ import annotations

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.config.settings import ProjectConfig
from pulpo_analysis.config.validation import validated
from pulpo_base.project.prefect import PREFECT_DEFAULTS
from pulpo_base.project.services import LAST_REQUESTS_SECONDS
from pulpo_codegen import compile_project
from pulpo_codegen.render.containers import docker_str, env_str
from pulpo_codegen.targets.deploy import DEPLOY
from pulpo_codegen.testing import only

GOLDEN = Path(__file__).parent / "golden" / "deploy"
SETTINGS = files("pulpo_codegen") / "templates" / "core" / "settings.py.jinja"
FILES = ("Dockerfile", "Dockerfile.dockerignore", "compose.yaml", ".env.example")
FOUR = ["mongodb", "api", "prefect-server", "prefect-worker"]
SECRET = "mongodb://admin:hunter2@db.example.org/"


def generated(analysis: Analysis) -> dict[str, str]:
    result = compile_project(analysis, extensions=only(DEPLOY))
    assert not result.errors
    return {name: (analysis.root / "run_cache/deploy" / name).read_text("utf-8") for name in FILES}


def configured(analysis: Analysis, **sections: Any) -> Analysis:
    plain = {"project": {"name": "My Shop", "title": "The shop"}, **sections}
    config, rejected = validated(ProjectConfig, plain)
    assert rejected == []
    return replace(analysis, config=config)


@pytest.mark.parametrize("name", FILES)
def test_the_files_of_the_shop(shop: Analysis, name: str) -> None:
    """Run with PULPO_UPDATE_GOLDEN=1 to accept what is generated now."""
    made = generated(configured(shop))[name]
    # Under a name of their own: tools would read these as files of this repository.
    golden = GOLDEN / f"{name.lstrip('.')}.txt"
    if os.environ.get("PULPO_UPDATE_GOLDEN") == "1":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(made, "utf-8")
    assert made == golden.read_text("utf-8")


def services(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


def test_the_services_follow_the_project(shop: Analysis) -> None:
    """No Prefect without flows, no database of our own where the configuration names one."""
    shop = configured(shop)
    assert list(services(generated(shop)["compose.yaml"])) == FOUR
    without_flows = generated(replace(shop, flows=()))
    assert list(services(without_flows["compose.yaml"])) == ["mongodb", "api"]
    assert "flows" not in without_flows["Dockerfile"]
    elsewhere = configured(shop, database={"url": SECRET})
    assert list(services(generated(elsewhere)["compose.yaml"])) == FOUR[1:]
    alone = replace(elsewhere, flows=())
    assert list(services(generated(alone)["compose.yaml"])) == ["api"]


def test_every_service_says_when_it_is_healthy_and_waits_for_those_it_uses(shop: Analysis) -> None:
    found = services(generated(configured(shop))["compose.yaml"])
    for service in found.values():
        kind, *words = service["healthcheck"]["test"]
        # Podman's Docker-compatible API takes words with spaces in them for several.
        assert kind == "CMD-SHELL" or not [word for word in words if " " in word]
    waits = {name: set(service.get("depends_on", ())) for name, service in found.items()}
    assert waits == {
        "mongodb": set(),
        "api": {"mongodb"},
        "prefect-server": set(),
        "prefect-worker": {"mongodb", "prefect-server"},
    }
    # The database is for the services alone; all else is published on loopback.
    assert "ports" not in found["mongodb"]
    ports = [port for service in found.values() for port in service.get("ports", ())]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_is_built_once_and_never_fetched(shop: Analysis) -> None:
    """A published image of the same name would be somebody else's."""
    found = services(generated(configured(shop))["compose.yaml"])
    del found["mongodb"]
    assert len({service["image"] for service in found.values()}) == 1
    assert [name for name, service in found.items() if "build" in service] == ["api"]
    fetched = [name for name, service in found.items() if service.get("pull_policy") != "never"]
    assert fetched == ["api"]


def test_a_builder_that_would_copy_secrets_stops(shop: Analysis) -> None:
    """Docker's classic builder knows neither mounts nor ignore files beside a Dockerfile."""
    made = generated(configured(shop))["Dockerfile"]
    assert made.index("RUN --mount=") < made.index("COPY . .")


def test_prefect_in_containers_is_set_up_as_on_this_machine(shop: Analysis) -> None:
    found = services(generated(configured(shop))["compose.yaml"])
    server, worker = (found[f"prefect-{name}"]["environment"] for name in ("server", "worker"))
    for name, value in PREFECT_DEFAULTS.items():
        # The image says this one for all.
        if name != "PYTHONUNBUFFERED":
            assert (server[name], worker[name]) == (value, value), name
    # Its pages are written when it starts, where somebody who is not root may write.
    home = found["prefect-server"]["volumes"][0].partition(":")[2]
    assert server["PREFECT_UI_STATIC_DIRECTORY"].startswith(f"{home}/")
    # What the API links to is what the server is published as.
    assert (
        server["PREFECT_SERVER_UI_API_URL"]
        == f"{found['api']['environment']['PREFECT_UI_URL']}/api"
    )


def test_an_api_that_asks_nobody_goes_by_the_names_of_this_machine(shop: Analysis) -> None:
    """In a container every request comes from elsewhere, so only its name tells (DNS rebinding)."""
    names = "PULPO_ALLOWED_HOSTS"
    for api, public, hosts in (
        ({}, "true", '${PULPO_ALLOWED_HOSTS:-["localhost"]}'),
        ({"allowed_hosts": ["shop.test"]}, "true", None),
        ({"public_without_auth": True}, None, None),
        ({"auth": "api_key"}, None, None),
    ):
        found = services(generated(configured(shop, api=api))["compose.yaml"])["api"]["environment"]
        assert (found.get("PULPO_PUBLIC_WITHOUT_AUTH"), found.get(names)) == (public, hosts), api


def test_an_open_stream_keeps_no_container_from_ending(shop: Analysis) -> None:
    made = generated(shop)["Dockerfile"]
    assert f'"--timeout-graceful-shutdown", "{LAST_REQUESTS_SECONDS}"' in made


def test_settings_are_for_those_who_run_the_code(shop: Analysis) -> None:
    made = services(generated(shop)["compose.yaml"])
    given = {name for name, service in made.items() if "env_file" in service}
    assert given == {"api", "prefect-worker"}


def test_no_secret_is_written(shop: Analysis) -> None:
    made = generated(configured(shop, database={"url": SECRET}))
    assert not [name for name, text in made.items() if "hunter2" in text or "admin" in text]


def test_the_example_environment_sets_nothing_and_shows_the_defaults(shop: Analysis) -> None:
    dotenv = pytest.importorskip("dotenv")
    text = generated(configured(shop, api={"port": 9000}))[".env.example"]
    assert dotenv.dotenv_values(stream=StringIO(text)) == {}
    # A comment of words has a space in its first word's place.
    lines = [line[2:] for line in text.splitlines() if line.startswith("# PULPO_")]
    values = dotenv.dotenv_values(stream=StringIO("\n".join(lines)))
    assert values["PULPO_API_PORT"] == "9000"
    assert values["PULPO_MONGODB_DATABASE"] == "My_Shop"
    assert values["PULPO_MONGODB_URL"] == ""
    settings = SETTINGS.read_text("utf-8")
    fields = re.findall(r"^    (\w+): ", settings, re.MULTILINE)
    assert values.keys() == {f"PULPO_{name.upper()}" for name in fields}


def test_hostile_texts_are_inert(shop: Analysis, hostile_texts: dict[str, str]) -> None:
    dotenv = pytest.importorskip("dotenv")
    plain = generated(configured(shop))
    for text in hostile_texts.values():
        project = {"name": text, "title": text, "description": text, "version": text}
        hostile = configured(shop, project=project, database={"name": text})
        made = generated(hostile)
        for name in FILES:
            # As many lines, each beginning with the same word.
            starts = [line.split(" ", 1)[0] for line in made[name].splitlines()]
            wanted = [line.split(" ", 1)[0] for line in plain[name].splitlines()]
            if name == ".env.example":
                starts, wanted = ([word.split("=")[0] for word in w] for w in (starts, wanted))
            assert starts == wanted, name
        assert list(services(made["compose.yaml"])) == FOUR
        assert dotenv.dotenv_values(stream=StringIO(made[".env.example"])) == {}


@pytest.mark.parametrize("quote", [docker_str, env_str])
def test_a_quoted_text_ends_where_it_ends(quote: Any) -> None:
    assert quote('a "b" \\') == '"a \\"b\\" \\\\"'
    assert quote("one\ntwo\x00\u202e") == '"one two\ufffd\ufffd"'
    assert "${" not in quote("${HOME}").replace("\\$", "")


def test_compose_takes_the_file(shop: Analysis, hostile_texts: dict[str, str]) -> None:
    """The schema is the one that the compose specification publishes."""
    pytest.importorskip("check_jsonschema", reason="a development tool")
    from jsonschema.validators import validator_for

    vendored = files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    schema = json.loads(vendored.read_text("utf-8"))
    validator = validator_for(schema)
    validator.check_schema(schema)
    judge = validator(schema)
    plain = configured(shop)
    hostile = configured(shop, project={"name": hostile_texts["braces"]})
    elsewhere = replace(configured(shop, database={"url": SECRET}), flows=())
    for analysis in (plain, hostile, elsewhere):
        made = yaml.safe_load(generated(analysis)["compose.yaml"])
        assert [error.message for error in judge.iter_errors(made)] == []
    # The judge is awake.
    made["services"]["api"]["prots"] = made["services"]["api"].pop("ports")
    assert list(judge.iter_errors(made))


def test_the_dockerfile_is_clean(shop: Analysis, hostile_texts: dict[str, str]) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("hadolint is not installed: a development tool")
    # Docker takes an escaped backslash before the closing quote, this linter does not.
    title = hostile_texts["quotes"].removesuffix("\\") + hostile_texts["braces"]
    project = {"name": "shop", "title": title}
    for analysis in (configured(shop), configured(replace(shop, flows=()), project=project)):
        generated(analysis)
        # DL3013 asks for pinned versions, and generated files hold none; DL3059 for one `RUN`.
        command = [str(hadolint), "--ignore", "DL3013", "--ignore", "DL3059", "Dockerfile"]
        folder = analysis.root / "run_cache" / "deploy"
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


class Answer(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        known = self.path in {"/health", "/api/health"}
        self.send_response(self.status if known else 404)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def answering(status: int) -> Iterator[int]:
    handler = type("Handler", (Answer,), {"status": status})
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_checks_tell_ill_from_well(shop: Analysis, status: int, code: int) -> None:
    found = services(generated(configured(shop))["compose.yaml"])
    with answering(status) as port:
        for name in FOUR[1:]:
            _, python, *words, url = found[name]["healthcheck"]["test"]
            assert python == "python"
            asked = re.sub(r":\d+/", f":{port}/", url)
            done = subprocess.run(
                [sys.executable, *words, asked], capture_output=True, text=True, check=False
            )
            assert (done.returncode, str(status) in done.stdout) == (code, code == 1), name
