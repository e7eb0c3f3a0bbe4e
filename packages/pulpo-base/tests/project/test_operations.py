"""`ops` and `flows`: run in process, on a database that is there only for the command."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports


def test_list_and_show(shop: Shop) -> None:
    rows = shop.ok("ops", "list", "--json").json
    assert [row["name"] for row in rows] == [
        "orders.count",
        "orders.place",
        "orders.ship",
        "stock.take",
        "stock.wait",
    ]
    assert rows[1]["inputs"] == "Place"
    table = shop.ok("ops", "list").out
    assert "Store an order." in table
    assert "More about it" not in table
    shown = shop.ok("ops", "show", "orders.place").out
    for part in ("Placed", "customer", "quantity", "(required)", "shop.py"):
        assert part in shown
    plain = shop.ok("ops", "show", "orders.place", "--json").json
    assert plain["input_schema"]["required"] == ["customer"]
    assert shop.processes() == {}


def test_run_starts_and_stops_a_database(shop: Shop) -> None:
    given = '{"customer": "Zoë", "quantity": 3}'
    placed = shop.ok("ops", "run", "orders.place", "--input", given, "--json").json
    assert placed["customer"] == "Zoë"
    assert len(placed["order_id"]) == 24
    assert shop.processes() == {}
    assert not shop.state.exists()
    (shop.root / "ship.json").write_text(json.dumps(placed), encoding="utf-8")
    shipped = shop.ok("ops", "run", "orders.ship", "--input-file", "ship.json")
    assert "3 for Zoë" in shipped.out


def test_run_uses_what_is_up_and_leaves_it(shop: Shop) -> None:
    shop.ok("db", "start")
    before = shop.processes()
    assert shop.ok("ops", "run", "orders.count", "--json").json == 0
    assert shop.processes() == before


def test_two_commands_share_one_database(
    shop: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    with shop.begin("ops", "run", "stock.wait") as first:
        assert first.stdout.readline() == "waiting\n"
        shop.ok("ops", "run", "orders.count")
        assert shop.conditions()["mongodb"] == "healthy"
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=30)
    assert first.returncode == 130
    assert shop.processes() == {}
    assert not shop.state.exists()


def test_run_with_the_configured_database(shop: Shop, mongodb_url: str, database_name: str) -> None:
    environment = {"PULPO_MONGODB_URL": mongodb_url, "PULPO_MONGODB_DATABASE": database_name}
    shop.ok("ops", "run", "orders.place", "-i", '{"customer": "Ada"}', **environment)
    assert shop.ok("ops", "run", "orders.count", "--json", **environment).json == 1
    assert not (shop.root / ".pulpo").exists()


def test_database_that_does_not_answer(shop: Shop) -> None:
    url = "mongodb://ann:secret@127.0.0.1:1/?serverSelectionTimeoutMS=100"
    answer = shop.run("ops", "run", "orders.count", PULPO_MONGODB_URL=url)
    assert answer.code == 1
    assert "error: the database at mongodb://ann:***@127.0.0.1:1" in answer.err
    assert "secret" not in answer.err


def test_invalid_input_is_told_by_field(shop: Shop) -> None:
    given = '{"customer": "X", "quantity": "many"}'
    answer = shop.run("ops", "run", "orders.place", "--input", given)
    assert answer.code == 1
    lines = answer.err.splitlines()
    assert lines[0] == "error: the input of orders.place is not valid"
    assert lines[1].startswith("  customer: String should have at least 2 characters")
    assert lines[2].startswith("  quantity: Input should be a valid integer")
    assert lines[3] == "hint: see `./main ops show orders.place`"
    assert "many" not in answer.err
    assert not (shop.root / ".pulpo").exists()


def test_mistakes_are_one_line_and_a_hint(shop: Shop) -> None:
    cases: tuple[tuple[tuple[str, ...], str, str], ...] = (
        (
            ("ops", "run", "orders.plaice"),
            "no operation 'orders.plaice'",
            "did you mean 'orders.place'?",
        ),
        (("ops", "run", "ship"), "no operation 'ship'", "did you mean 'orders.ship'?"),
        (("ops", "show", "zzz"), "no operation 'zzz'", "./main ops list"),
        (("ops", "run", "orders.place", "-i", "{"), "--input is no JSON", "single quotes"),
        (
            ("ops", "run", "orders.place", "--input-file", "none.json"),
            "none.json: No such file",
            "",
        ),
        (("ops", "run", "orders.count", "-i", '{"a": 1}'), "takes no input", "leave --input out"),
        (("flows", "run", "order"), "there is no flow 'order'", "did you mean 'orders'?"),
        (("stauts",), "No such command 'stauts'. Did you mean 'status'", "./main --help"),
        (("up", "--jsno"), "No such option", "./main up --help"),
        (("ops", "run"), "Missing argument 'NAME'", "./main ops run --help"),
    )
    answers = shop.run_all(*(arguments for arguments, _, _ in cases))
    for (arguments, message, hint), answer in zip(cases, answers, strict=True):
        assert (answer.code, answer.out) == (1, ""), (arguments, answer)
        assert message in answer.err.splitlines()[0], (arguments, answer)
        assert hint in answer.err
        assert len(answer.err.splitlines()) <= 2


def test_operation_that_fails(shop: Shop) -> None:
    answer = shop.run("ops", "run", "stock.take")
    assert answer.code == 66  # as the project's own function says
    first, second, hint = answer.err.splitlines()
    assert first.startswith("error: operation stock.take failed: OutOfStock: nothing is left (shop")
    assert second == "  really nothing"
    assert "--debug" in hint
    assert "Traceback" in shop.run("--debug", "ops", "run", "stock.take").err
    assert shop.processes() == {}


def test_project_that_does_not_load(shop: Shop) -> None:
    shop.write("shop.py", "\n\nimport nonesuch\n")
    answer = shop.run("ops", "list")
    assert answer.code == 1
    assert "does not load: ModuleNotFoundError at shop.py:3" in answer.err
    assert "No module named 'nonesuch'" in answer.err
    shop.ok("--help")
    (shop.root / "run_cache/operations.py").unlink()
    assert (
        "run_cache.operations is missing\nhint: run `pulpo compile`" in shop.run("ops", "list").err
    )


def test_bug_of_ours_says_so(shop: Shop) -> None:
    shop.write("run_cache/operations.py", "OPERATIONS = 3\n")
    answer = shop.run("ops", "list")
    assert answer.code == 70
    assert "this is a bug in Pulpo: TypeError" in answer.err


def test_output_that_cannot_be_written(shop: Shop) -> None:
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [sys.executable, "main", "ops", "list", "--json"],
            cwd=shop.root,
            env=shop.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (answer.returncode, answer.stderr) == (
        1,
        "error: cannot write: No space left on device\n",
    )


def test_package_that_is_not_installed(shop: Shop) -> None:
    shop.write("pymongo.py", "raise ModuleNotFoundError('no', name='pymongo')\n")
    answer = shop.run("status", PULPO_MONGODB_URL="mongodb://127.0.0.1:1")
    assert answer.code == 1
    assert answer.err.startswith("error: the package pymongo is not installed\nhint: ")


def test_flow_runs_on_the_local_engine(shop: Shop) -> None:
    assert "orders" in shop.ok("flows", "list").out
    assert shop.ok("flows", "list", "--json").json[0]["steps"] == ["orders.place", "orders.ship"]
    shown = shop.ok("flows", "show", "orders").out
    for part in ("place.order_id", "parameter customer", "creates Order", "shop.py:40"):
        assert part in shown
    run = shop.ok("flows", "run", "orders", "--input", '{"customer": "Ada"}', "--json")
    assert run.json["status"] == "completed"
    assert run.json["results"] == {"ship": {"parcel": "1 for Ada"}}
    assert [step["operation"] for step in run.json["steps"]] == ["orders.place", "orders.ship"]
    assert "→ orders.place" in run.err
    assert "✓ orders.ship (" in run.err
    assert shop.processes() == {}


def test_flow_that_fails_and_flow_input_that_is_wrong(shop: Shop) -> None:
    wrong = shop.run("flows", "run", "orders", "--input", '{"custmer": "Ada"}')
    assert wrong.code == 1
    assert "custmer: there is no such parameter; did you mean 'customer'?" in wrong.err
    assert "customer: Field required" in wrong.err
    failed = shop.run("flows", "run", "orders", "--input", '{"customer": "nobody"}')
    assert failed.code == 1
    assert "✗ orders.ship" in failed.err
    assert (
        "error: flow orders: operation orders.ship failed: ValueError: nobody wants it (shop"
        in (failed.err)
    )
    assert shop.processes() == {}


def test_part_of_a_flow_asks_for_what_it_lacks(shop: Shop) -> None:
    shown = shop.ok("flows", "run", "orders", "--only", "ship", "--dry-run").out
    assert "order_id" in shown
    assert "orders.place" not in shown
    lacking = shop.run("flows", "run", "orders", "--only", "ship")
    assert lacking.code == 1
    assert "order_id: Field required" in lacking.err
    unknown = shop.run("flows", "run", "orders", "--only", "shipp")
    assert "no step 'shipp'; did you mean 'orders.ship'?" in unknown.err
    both = shop.run("flows", "run", "orders", "--only", "ship", "--resume", "last")
    assert "--resume goes on with the steps of that run" in both.err
    assert shop.processes() == {}


def test_failed_flow_is_resumed(shop: Shop) -> None:
    failed = shop.run("flows", "run", "orders", "--input", '{"customer": "nobody"}')
    assert 'input: {"' in failed.err
    hint = failed.err.rpartition("--resume ")[2].strip().strip("`")
    listed = shop.ok("flows", "runs", "orders", "--json").json
    assert [(run["id"], run["state"], run["done"]) for run in listed] == [
        (hint, "failed", "1 of 2")
    ]
    again = ("flows", "run", "orders", "--resume", "last", "--json")
    assert "= orders.place: kept" in shop.run(*again).err
    changed = shop.ok(*again, "--input", '{"customer": "Ada"}').json
    assert changed["results"] == {"ship": {"parcel": "1 for Ada"}}
    assert "has no run 'x'" in shop.run("flows", "run", "orders", "--resume", "x").err


def test_each_field_is_an_option(shop: Shop) -> None:
    placed = shop.ok("ops", "run", "orders.place", "--customer", "Ada", "--quantity=4", "--json")
    assert placed.json["customer"] == "Ada"
    page, wrong, no_number, short = shop.run_all(
        ("ops", "run", "orders.place", "--help"),
        ("ops", "run", "orders.place", "--custmer", "Ada"),
        ("ops", "run", "orders.place", "--customer", "Ada", "--quantity", "many"),
        ("ops", "run", "orders.place", "-i", '{"customer": "Ada"}', "--customer", "B"),
    )
    assert page.code == 0
    assert "--customer" in page.out
    assert "Store an order." in page.out
    assert "did you mean '--customer'?" in wrong.err
    assert "quantity: Input should be a valid integer" in no_number.err
    assert "customer: String should have at least 2 characters" in short.err, "options come first"


def test_what_is_missing_is_asked_for_on_a_terminal(shop: Shop) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "main", "ops", "run", "orders.place", "--json"],
        cwd=shop.root,
        env=shop.environment,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as command:
        os.close(theirs)
        shown = os.read(ours, 4096).decode()
        assert shown.startswith("customer (text)")
        os.write(ours, b"A\n")
        while "at least 2 characters" not in shown or not shown.rstrip().endswith("(text):"):
            shown += os.read(ours, 4096).decode()
        os.write(ours, b"Ada\n")
        assert command.stdout is not None
        assert json.loads(command.stdout.read())["customer"] == "Ada"
        os.close(ours)
    assert command.returncode == 0
    assert "quantity" not in shown, "what has a default is not asked for"
