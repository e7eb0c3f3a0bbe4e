"""`up`, `down`, `status`, `health`, `logs`: as processes, on a real MongoDB."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import httpx

from pulpo_base.project.supervisor.identity import identity_of

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports


#: `PULPO_UP_DOWN=20 pytest -k up_and_down` for the long run.
ROUNDS = int(os.environ.get("PULPO_UP_DOWN", "2"))


def test_up_and_down_again_and_again_leave_nothing(
    shop: Shop, is_free: Callable[[int], bool]
) -> None:
    for _ in range(ROUNDS):
        services = {row["name"]: row for row in shop.ok("up", "--json").json["services"]}
        assert [row["started"] for row in services.values()] == [True, True]
        url = services["api"]["url"]
        assert url == f"http://127.0.0.1:{shop.api_port}"
        answer = httpx.get(f"{url}/database", trust_env=False).json()
        assert answer == {"url": services["mongodb"]["url"], "name": "shop"}
        shop.ok("down")
        assert shop.processes() == {}
        assert not shop.state.exists()
        # The database's port may be another test's by now; who listened there has ended.
        assert is_free(shop.api_port)


def test_up_is_idempotent_and_shows_a_table(shop: Shop) -> None:
    first = {row["name"]: row["pid"] for row in shop.ok("up", "--json").json["services"]}
    again = shop.ok("up")
    assert again.out.count("runs already") == 2
    for part in ("MongoDB", "API", f"http://127.0.0.1:{shop.api_port}"):
        assert part in again.out
    for pid in first.values():
        assert str(pid) in again.out
    assert len(shop.processes()) == 3, "the two and their supervisor"


def test_down_without_up(shop: Shop) -> None:
    assert "Nothing was running" in shop.ok("down").err
    assert not (shop.root / ".pulpo").exists()


def test_without_its_supervisor_a_killed_api_is_told_and_up_mends_both(shop: Shop) -> None:
    services = {row["name"]: row for row in shop.ok("up", "--json").json["services"]}
    _kill(_pids(shop)["supervisor"])
    _kill(services["api"]["pid"])
    ill = shop.run("health", "--json")
    assert [(row["name"], row["condition"]) for row in ill.json["services"]] == [
        ("mongodb", "healthy"),
        ("api", "gone"),
        ("supervisor", "gone"),
    ]
    assert (ill.code, ill.json["healthy"]) == (1, False)
    again = {row["name"]: row for row in shop.ok("up", "--json").json["services"]}
    assert not again["mongodb"]["started"]
    assert again["api"]["started"]
    assert "is gone" in again["api"]["notes"][0]
    assert shop.ok("health", "--json").json["healthy"] is True
    assert len(shop.processes()) == 3


def test_killed_services_are_started_again(
    shop: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    shop.ok("up")
    for name in ("api", "mongodb"):
        before = _pids(shop)[name]
        _kill(before)
        eventually(lambda: _pids(shop).get(name) not in {None, before})  # noqa: B023 - at once
        assert _records(shop)[name]["restarts"] == 1, "told from its first moment"
        eventually(lambda: set(shop.conditions().values()) == {"healthy"})
    rows = {row["name"]: row for row in shop.ok("status", "--json").json["services"]}
    assert rows["mongodb"]["restarts"] == 1
    assert "started again once" in rows["mongodb"]["detail"]
    # Once more where somebody took the database's port while it was gone: it has moved then.
    assert rows["api"]["restarts"] in {1, 2}
    assert "api: " in shop.ok("logs", "--service", "supervisor").out


def test_stopped_service_stays_stopped(shop: Shop) -> None:
    shop.ok("up")
    stopped = shop.ok("stop", "mongodb", "--json").json["stopped"]
    assert [row["name"] for row in stopped] == ["api", "mongodb"], "what uses it goes first"
    assert shop.conditions() == {"mongodb": "stopped", "api": "stopped"}
    rows = shop.ok("restart", "api", "--json").json["services"]
    assert {row["name"]: row["started"] for row in rows} == {"mongodb": True, "api": True}
    mistyped = shop.run("restart", "ap")
    assert (mistyped.code, "did you mean 'api'?" in mistyped.err) == (1, True)


def test_a_number_that_is_now_anothers_is_left_alone(shop: Shop) -> None:
    shop.ok("up")
    _kill(_pids(shop)["supervisor"])  # it would start what the record says is gone
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        plain = json.loads(shop.state.read_text())
        api = next(row for row in plain["services"] if row["name"] == "api")
        real = dict(api["process"])
        api["process"]["pid"] = stranger.pid
        shop.state.write_text(json.dumps(plain))
        assert shop.conditions()["api"] == "gone"
        rows = shop.ok("down", "--json").json["stopped"]
        assert {row["name"]: row["was_alive"] for row in rows} == {"api": False, "mongodb": True}
        assert stranger.poll() is None
        stranger.communicate(b"\n")
    os.kill(real["pid"], signal.SIGTERM)


def test_record_that_is_none_of_ours(shop: Shop) -> None:
    shop.state.parent.mkdir()
    shop.state.write_text('{"format": 99, "services": []}')
    answer = shop.run("up")
    assert answer.code == 1
    assert "services.json is no record of services" in answer.err
    assert "hint: " in answer.err
    shop.state.unlink()


def test_taken_port_is_told_and_avoided(shop: Shop) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", shop.api_port))
        other.listen()
        rows = {row["name"]: row for row in shop.ok("up", "--json").json["services"]}
        assert rows["api"]["port"] != shop.api_port
        assert f"port {shop.api_port} is taken" in rows["api"]["notes"][0]
        assert httpx.get(f"{rows['api']['url']}/health", trust_env=False).is_success


def test_broken_app_names_service_and_last_lines(shop: Shop) -> None:
    shop.write("run_cache/generated_api.py", "import nonesuch\n")
    answer = shop.run("up")
    assert answer.code == 1
    assert "error: API: ended with exit status 1" in answer.err
    assert "No module named 'nonesuch'" in answer.err
    assert "api.log" in answer.err
    assert "Traceback (most recent call last):\n  File" not in answer.err.split("error:")[0]
    assert shop.processes() == {}
    assert not shop.state.exists()


def test_failed_start_leaves_what_ran_before(shop: Shop) -> None:
    shop.ok("db", "start")
    shop.write("run_cache/generated_api.py", "raise SystemExit('no')\n")
    assert shop.run("up").code == 1
    assert shop.conditions() == {"mongodb": "healthy", "api": "stopped"}


def test_configured_database_is_not_started(
    shop: Shop, mongodb_url: str, database_name: str
) -> None:
    environment = {"PULPO_MONGODB_URL": mongodb_url, "PULPO_MONGODB_DATABASE": database_name}
    (row,) = shop.ok("up", "--json", **environment).json["services"]
    answer = httpx.get(f"{row['url']}/database", trust_env=False).json()
    assert answer == {"url": mongodb_url, "name": database_name}
    status = shop.ok("status", "--json", **environment).json["services"]
    assert [(one["name"], one["condition"]) for one in status] == [
        ("mongodb", "healthy"),
        ("api", "healthy"),
    ]
    assert shop.ok("db", "url", **environment).out == f"{mongodb_url}\n"
    assert shop.run("db", "start", **environment).code == 1


def test_two_projects_and_two_commands_at_once(shop: Shop, other_shop: Shop) -> None:
    with (
        shop.begin("up", "--json") as first,
        shop.begin("up", "--json") as second,
        other_shop.begin("up", "--json") as third,
    ):
        outs = [command.communicate(timeout=60)[0] for command in (first, second, third)]
    plain = [{row["name"]: row for row in json.loads(out)["services"]} for out in outs]
    pids = [{name: row["pid"] for name, row in rows.items()} for rows in plain]
    assert pids[0] == pids[1]
    assert len({*pids[0].values(), *pids[2].values()}) == 4
    assert plain[0]["mongodb"]["port"] != plain[2]["mongodb"]["port"]
    shop.ok("down")
    assert other_shop.conditions() == {"mongodb": "healthy", "api": "healthy"}
    assert shop.processes() == {}


def test_foreground_stops_everything_on_interrupt(
    shop: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    with shop.begin("up", "--foreground") as command:
        eventually(lambda: shop.state.exists() and len(shop.processes()) == 3)
        eventually(lambda: _serves(shop.api_port))
        eventually(lambda: "Serving" in command.stderr.readline())
        command.send_signal(signal.SIGINT)
        command.communicate(timeout=30)
    assert command.returncode == 130
    assert shop.processes() == {}
    assert not shop.state.exists()


def test_foreground_ends_when_a_service_does(
    shop: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    with shop.begin("up", "--foreground") as command:
        eventually(lambda: "Serving" in command.stderr.readline())
        services = json.loads(shop.state.read_text())["services"]
        os.kill(next(s["process"]["pid"] for s in services if s["name"] == "api"), signal.SIGKILL)
        _, err = command.communicate(timeout=30)
    assert command.returncode == 1
    assert "API: ended by itself" in err
    assert shop.processes() == {}


def test_interrupted_start_leaves_nothing(
    shop: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    shop.write("run_cache/generated_api.py", "import time\n\ntime.sleep(60)\n")
    with shop.begin("up") as command:
        eventually(lambda: any("uvicorn" in text for text in shop.processes().values()))
        command.send_signal(signal.SIGINT)
        command.communicate(timeout=30)
    assert command.returncode == 130
    eventually(lambda: shop.processes() == {})
    assert not shop.state.exists()


def test_killed_start_is_no_obstacle(
    shop: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    lock = shop.root / ".pulpo" / "db" / "mongod.lock"
    with shop.begin("up") as command:
        eventually(lambda: lock.exists() and lock.read_text().strip())
        command.kill()
        command.communicate()
    assert any("mongod" in text for text in shop.processes().values())
    shop.ok("up")
    assert len(shop.processes()) == 3
    assert shop.conditions() == {"mongodb": "healthy", "api": "healthy"}


def test_api_alone_brings_its_database_and_takes_it_away(
    shop: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    with shop.begin("api") as command:
        eventually(lambda: _serves(shop.api_port))
        rows = {row["name"]: row for row in shop.ok("status", "--json").json["services"]}
        assert rows["mongodb"]["detail"] == "only as long as a command uses it"
        (left,) = shop.ok("down", "--json").json["stopped"]
        assert (left["name"], left["used_by"]) == ("mongodb", [command.pid])
        assert shop.ok("db", "status", "--json").json["condition"] == "healthy"
        command.send_signal(signal.SIGINT)
        command.communicate(timeout=30)
    assert command.returncode == 130
    assert shop.processes() == {}


def test_api_ends_when_terminated(
    shop: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    with shop.begin("api") as command:
        eventually(lambda: _serves(shop.api_port))
        command.terminate()
        command.communicate(timeout=30)
    assert command.returncode == 128 + signal.SIGTERM
    assert shop.processes() == {}


def test_database_commands(shop: Shop) -> None:
    assert shop.run("db", "url").code == 1
    url = shop.ok("db", "start").out
    assert shop.ok("db", "url").out == url
    assert shop.ok("db", "status", "--json").json["condition"] == "healthy"
    shop.ok("db", "stop")
    assert shop.ok("db", "status", "--json").json["condition"] == "stopped"
    assert "No local database" in shop.ok("db", "stop").err


def test_logs(shop: Shop) -> None:
    assert "there are no logs yet" in shop.run("logs").err
    shop.ok("up")
    assert "Application startup complete" in shop.ok("logs", "--service", "api").out
    both = shop.ok("logs").out
    assert "api | " in both
    assert "mongodb | " in both
    mistyped = shop.run("logs", "--service", "ap")
    assert (mistyped.code, "did you mean 'api'?" in mistyped.err) == (1, True)
    httpx.get(f"http://127.0.0.1:{shop.api_port}/health", trust_env=False)
    with shop.begin("logs", "--service", "api", "--follow", "--lines", "1") as command:
        # The line from before is there as soon as it follows.
        assert "GET /health" in command.stdout.readline()
        httpx.get(f"http://127.0.0.1:{shop.api_port}/health?mark=more", trust_env=False)
        assert "mark=more" in command.stdout.readline()
        command.send_signal(signal.SIGINT)
        command.communicate(timeout=60)
    assert command.returncode == 130


def _kill(pid: int) -> None:
    process = identity_of(pid)
    assert process is not None
    os.kill(pid, signal.SIGKILL)
    while process.is_alive:
        time.sleep(0.01)


def _records(shop: Shop) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(shop.state.read_text())["services"]}


def _pids(shop: Shop) -> dict[str, int]:
    return {name: row["process"]["pid"] for name, row in _records(shop).items()}


def _serves(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).is_success
    except httpx.HTTPError:
        return False
