"""The commands that ask the graph, run in this process on the example shop."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulpo_cli.main import run
from pulpo_cli.output import err, out

SHOP = Path(__file__).parents[1] / "examples" / "shop"
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A shop of the test's own, committed to a repository of its own."""
    root = tmp_path / "shop"
    ignored = shutil.ignore_patterns("__pycache__", ".pulpo", "run_cache", ".*_cache", "tests")
    shutil.copytree(SHOP, root, ignore=ignored)
    for arguments in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "x"),
    ):
        subprocess.run(["git", "-C", str(root), *arguments], check=True, env=_no_settings())
    return root


def _no_settings() -> dict[str, str]:
    return {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command line in a project: exit code, output and errors."""

    def command(root: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("COLUMNS", "300")
        # A console keeps the stream that it was made for.
        out.cache_clear()
        err.cache_clear()
        code = run(["--project", str(root), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def test_questions(ask: Ask) -> None:
    def answer(*arguments: str) -> Any:
        code, output, errors = ask(SHOP, *arguments, "--json")
        assert (code, errors) == (0, "")
        return json.loads(output)

    why = answer("why", "orders.place", "orders.pay")
    assert (why["order"], why["flow"]) == ("before", "orders")
    assert why["chain"][0]["before"] == "orders.place"
    assert answer("why", "orders.checkout.price", "orders.checkout.reserve_stock")["order"] == (
        "parallel"
    )
    impact = answer("impact", "Order.status")
    assert "GET /api/orders/{id}" in impact["routes"]
    assert "POST /api/operations/orders.pay" in impact["routes"]
    assert "./main flows run orders" in impact["commands"]
    assert "run_cache/docs/models.md" in impact["pages"]
    assert [index["name"] for index in impact["indexes"]] == ["status_placed"]
    path = answer("path", "Supplier", "DailyReport")
    assert path["directed"]
    assert path["edges"][-1]["target"] == "model:DailyReport"
    assert answer("unused") == []
    assert [model["name"] for model in answer("models", "tag:catalog")] == [
        *("Category", "Product", "Review", "Supplier")
    ]
    assert [flow["name"] for flow in answer("flows", "model:Payment")] == ["orders"]
    assert answer("ops", "list", "orders.checkout.p*")[0]["name"] == "orders.checkout.price"


def test_what_was_seen_is_compared_with_what_is_declared(ask: Ask, tmp_path: Path) -> None:
    statistics = tmp_path / "stats.json"
    seen = {"orders": {"reads": 1, "writes": 0}, "reviews": {"reads": 0, "writes": 2}}
    statistics.write_text(json.dumps({"data_access": {"orders.pay": seen}}))
    code, text, _ = ask(SHOP, "observed", str(statistics), "--exit-code")
    assert code == 1
    assert re.search(r"orders\.pay +reads Order +used +1", text)
    assert re.search(r"orders\.pay +writes Review +undeclared +2 +operations/", text)
    code, output, _ = ask(SHOP, "observed", str(statistics), "--json")
    assert code == 0
    assert {"unseen", "used", "undeclared"} == {use["verdict"] for use in json.loads(output)}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "Expecting property name"),
        ("[]", "holds no `data_access`"),
        (None, "No such file"),
    ],
)
def test_statistics_that_are_none(
    ask: Ask, tmp_path: Path, content: str | None, message: str
) -> None:
    statistics = tmp_path / "stats.json"
    if content is not None:
        statistics.write_text(content)
    code, _, errors = ask(SHOP, "observed", str(statistics))
    assert code == 1
    assert message in errors
    assert "/selfaware/stats" in errors


def test_no_statistics_to_compare_with(ask: Ask, repository: Path) -> None:
    code, _, errors = ask(repository, "observed")
    assert code == 1
    assert "no API is running here" in errors
    code, _, errors = ask(repository, "observed", "http://127.0.0.1:9")
    assert code == 1
    assert "http://127.0.0.1:9/selfaware/stats does not answer: ConnectError" in errors


def test_answers_for_people_name_models_and_places(ask: Ask) -> None:
    _, why, _ = ask(SHOP, "why", "orders.place", "orders.pay")
    assert "orders.place runs before orders.pay in the flow orders:" in why
    place = r"operations/orders\.py:\d+:1"
    assert re.search(rf"creates Order  \({place}, {place}\)", why)
    _, parallel, _ = ask(SHOP, "why", "orders.ship", "orders.reward")
    assert "they run at the same time" in parallel
    _, impact, _ = ask(SHOP, "impact", "Order")
    assert "Customer.orders leads back" in impact
    _, path, _ = ask(SHOP, "path", "Review", "Supplier")
    assert path.startswith("No data goes this way; they are connected from Review to Supplier:")
    _, unused, _ = ask(SHOP, "unused")
    assert "everything is needed" in unused


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("why", "orders.plaec", "orders.pay"), "did you mean 'orders.place'?"),
        (("impact", "Ordr"), "did you mean 'Order'?"),
        (("impact", "Order.totl"), "did you mean 'total'?"),
        (("path", "Order", "Suplier"), "did you mean 'Supplier'?"),
        (("graph", "--focus", "Ordr"), "did you mean 'Order'?"),
        (("models", "tag:catalg"), "did you mean 'catalog'?"),
        (("operations", "Order", "tga:x"), "at character 7: unknown method 'tga'"),
        (("diff", "no-such-revision"), "git knows no revision 'no-such-revision'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_mistakes_have_a_hint(ask: Ask, arguments: tuple[str, ...], message: str) -> None:
    code, output, errors = ask(SHOP, *arguments)
    assert (code, output) == (1, "")
    assert message in errors


def test_the_graph_in_each_form_and_its_parts(ask: Ask, tmp_path: Path) -> None:
    starts = {"mermaid": "flowchart", "dot": "digraph", "json": "{", "graphml": "<?xml"}
    for form, start in starts.items():
        code, output, _ = ask(SHOP, "graph", "--format", form)
        assert (code, output.startswith(start)) == (0, True), form
    page = tmp_path / "graph.html"
    code, output, _ = ask(SHOP, "flows", "-f", "html", "-o", str(page))
    assert code == 0
    assert 'data-start="flows"' in page.read_text("utf-8")
    _, output, _ = ask(SHOP, "graph", "--focus", "Supplier", "--depth", "1", "--json")
    assert {node["name"] for node in json.loads(output)["nodes"]} == {
        *("Supplier", "Product", "catalog.import_products", "catalog.import_suppliers")
    }
    _, output, _ = ask(SHOP, "flows", "-f", "json", "reports")
    assert "flow:reports" in {node["id"] for node in json.loads(output)["nodes"]}


def test_a_snapshot_and_what_changed_since(ask: Ask, repository: Path) -> None:
    assert ask(repository, "diff", "--exit-code")[:2] == (0, "since HEAD: no changes\n")
    snapshot = repository / ".pulpo" / "graph.json"
    ask(repository, "graph", "--snapshot")
    first = snapshot.read_bytes()
    ask(repository, "graph", "--snapshot")
    assert snapshot.read_bytes() == first

    order = repository / "models" / "order.py"
    order.write_text(order.read_text().replace("    cancel_reason:", "    reason:"))
    code, output, errors = ask(repository, "diff")
    assert code == 0
    assert "PLV004: Order.cancel_reason is gone, and may be 'reason' now" in errors
    assert "since HEAD: 1 data risk" in output
    assert ask(repository, "diff", "--exit-code")[0] == 1
    assert ask(repository, "diff", str(snapshot), "--exit-code")[0] == 1
    changed = json.loads(ask(repository, "models", "changed:HEAD", "--json")[1])
    assert [model["name"] for model in changed] == ["Order"]

    sarif = json.loads(ask(repository, "diff", "--format", "sarif")[1])
    assert sarif["runs"][0]["results"][0]["ruleId"] == "PLV004"
    assert ask(repository, "diff", "--format", "github")[1].startswith("::warning file=models/")

    config = repository / ".pulpo.yml"
    rule = "diff:\n  ignore:\n    - {code: PLV004, where: Order.*, reason: moved by hand}\n"
    config.write_text(config.read_text() + rule)
    code, output, _ = ask(repository, "diff", "--exit-code", "--json")
    assert code == 0
    plain = json.loads(output)
    assert plain["changes"] == []
    assert plain["ignored"][0]["reason"] == "moved by hand"
    assert plain["ignored"][0]["where"] == "Order.reason"

    config.write_text(config.read_text().replace(", reason: moved by hand", ""))
    code, _, errors = ask(repository, "diff")
    assert code == 1
    assert ".pulpo.yml:8:7: error PLC003: `diff.ignore.0.reason`: Field required" in errors
