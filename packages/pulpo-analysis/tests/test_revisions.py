"""Snapshots: their text, and a project as a git revision has it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_analysis.changes.compare import compare, without_ignored
from pulpo_analysis.changes.snapshot import SnapshotError, read_snapshot, snapshot_of
from pulpo_analysis.config.settings import DiffIgnore
from pulpo_analysis.revisions import RevisionError, changed_since, snapshot_at


def _git(root: Path, *arguments: str) -> None:
    who = {
        f"GIT_{role}_{what}": "t@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        ["git", "-C", str(root), *arguments],
        check=True,
        capture_output=True,
        env={**os.environ, **who, **settings},
    )


def _committed(root: Path) -> None:
    _git(root, "add", "--all", "--force")
    _git(root, "commit", "--quiet", "--no-verify", "--message", "x")


def _repository(root: Path) -> None:
    _git(root, "init", "--quiet", "--initial-branch", "main")
    _committed(root)


def _replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_snapshot_survives_its_text_and_holds_nothing_that_moves(example: Path) -> None:
    snapshot = snapshot_of(analyse(example))
    text = snapshot.text()
    assert read_snapshot(text).text() == text
    assert str(example) not in text
    assert compare(read_snapshot(text), snapshot) == ()

    # Lines that move and a word in a docstring are no facts.
    for path in example.rglob("*.py"):
        path.write_text("# moved\n\n" + path.read_text())
    assert snapshot_of(analyse(example)).text() == text

    # A new field is a new line.
    order = example / "shop/models/order.py"
    _replaced(order, "state: State = State.NEW", 'state: State = State.NEW\n    note: str = ""')
    now = snapshot_of(analyse(example)).text().splitlines()
    assert len(set(now) - set(text.splitlines())) <= 2
    assert any('"note"' in line for line in set(now) - set(text.splitlines()))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 99}', '{"version": 1}', "[" * 9999])
def test_what_is_no_snapshot_is_refused(text: str) -> None:
    with pytest.raises(SnapshotError):
        read_snapshot(text)


def test_a_revision_is_read_without_touching_the_work_tree(example: Path) -> None:
    inside = example / "shop" / "models" / "order.py"
    (example / "shop" / "escape.py").symlink_to("/etc/hostname")
    (example / ".gitattributes").write_text("*.py export-ignore\n")
    _repository(example)
    before = inside.read_text()
    _replaced(inside, "    lines: list[Line] = []\n", "")
    changed = inside.read_text()

    changes = compare(snapshot_at(example, "HEAD"), snapshot_of(analyse(example)))

    assert {(one.diagnostic.code, one.where) for one in changes} == {("PLV001", "Order.lines")}
    assert inside.read_text() == changed != before
    assert changed_since(analyse(example), "main") == {"model:Order"}
    rules = [DiffIgnore(code="PLV001", where="Order.*", reason="never written")]
    compared = without_ignored(changes, rules)
    assert compared.changes == ()
    assert [reason for _, reason in compared.ignored] == ["never written"]


def test_a_project_in_a_subfolder_of_the_repository(example: Path) -> None:
    _repository(example.parent)
    _replaced(example / "shop/operations/shipping.py", "orders.ship", "orders.send")
    changes = compare(snapshot_at(example, "HEAD"), snapshot_of(analyse(example)))
    assert ("PLV013", "orders.send") in {(one.diagnostic.code, one.where) for one in changes}
    assert changed_since(analyse(example), "HEAD") == {"operation:orders.send", "flow:orders"}


def test_a_revision_with_errors_needs_its_snapshot(example: Path) -> None:
    text = snapshot_of(analyse(example)).text()
    broken = example / "shop/operations/shipping.py"
    good = broken.read_text()
    broken.write_text("@operation\ndef (\n")
    _repository(example)
    with pytest.raises(RevisionError, match="has errors: PLD001"):
        snapshot_at(example, "HEAD")
    with pytest.raises(RevisionError, match="has errors: PLD001"):
        changed_since(analyse(example), "HEAD")

    (example / ".pulpo").mkdir(exist_ok=True)
    (example / ".pulpo" / "graph.json").write_text(text)
    _committed(example)
    broken.write_text(good)
    assert compare(snapshot_at(example, "HEAD"), snapshot_of(analyse(example))) == ()


def test_a_file_that_git_has_lost_is_said(example: Path) -> None:
    _repository(example)
    listed = ["git", "-C", str(example), "rev-parse", "HEAD:shop/models/order.py"]
    lost = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.strip()
    (example / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(RevisionError, match=f"no content of shop/models/order.py .*{lost}"):
        snapshot_at(example, "HEAD")


def test_what_cannot_be_read_is_said(example: Path) -> None:
    with pytest.raises(RevisionError, match="is in no git repository"):
        snapshot_at(example, "HEAD")
    _repository(example)
    for unknown in ("nowhere", "--help", "", "HEAD:shop"):
        with pytest.raises(RevisionError, match="knows no revision"):
            snapshot_at(example, unknown)
