"""A project as a git revision has it, read without touching the work tree.

Only `*.py` files and the configuration are taken, straight from git's objects: no checkout, no
filter, no hook and no attribute of the repository has a say, and links are left out.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.changes.differing import differing
from pulpo_analysis.changes.snapshot import (
    SNAPSHOT_FILE,
    Snapshot,
    SnapshotError,
    read_snapshot,
    snapshot_of,
)
from pulpo_analysis.config.loading import CONFIG_FILE
from pulpo_analysis.discovery.static import StaticDiscovery
from pulpo_analysis.pipeline import analyse

__all__ = ["RevisionError", "changed_since", "snapshot_at"]

_REGULAR = ("100644", "100755")


class RevisionError(Exception):
    """A revision that cannot be read; `hint` says what to do."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.hint = hint


def snapshot_at(root: Path, revision: str) -> Snapshot:
    """Return the facts of the project in `root` as a revision has it.

    They are what an analysis of its files says. Where that has errors, facts may be missing, so
    the snapshot that was committed with it counts instead, if there is one.

    Raises `RevisionError` where there is no such revision, or nothing to read in it.
    """
    with _tree(root, revision) as folder:
        analysis = analyse(folder, StaticDiscovery(cached=False))
        if not analysis.errors:
            return snapshot_of(analysis)
        committed = _committed(root, revision)
        if committed is not None:
            return committed
        hint = f"compare with a revision that lints, or commit {SNAPSHOT_FILE} with each"
        raise _erroneous(analysis, revision, hint)


def changed_since(analysis: Analysis, revision: str) -> frozenset[str]:
    """Return the nodes (ids) of a project that are new or differ from a revision.

    Raises `RevisionError` where there is no such revision, nothing to read in it, or errors: what
    an error hides would count as new.
    """
    with _tree(analysis.root, revision) as folder:
        before = analyse(folder, StaticDiscovery(cached=False))
        if before.errors:
            raise _erroneous(before, revision, "select by a revision that lints")
        return differing(before, analysis)


def _erroneous(analysis: Analysis, revision: str, hint: str) -> RevisionError:
    first = analysis.errors[0]
    problem = f"the project at {revision!r} has errors: {first.code} {first.message}"
    return RevisionError(problem, hint)


@contextmanager
def _tree(root: Path, revision: str) -> Iterator[Path]:
    """Write the project's files of a revision to a folder of their own, for a while."""
    files = _files(root, _commit(root, revision))
    if not files:
        raise RevisionError(f"there is no project at {revision!r}", f"it has no {CONFIG_FILE}")
    with TemporaryDirectory(prefix="pulpo-") as made:
        # Under the project's own name, which is its name where the configuration gives none.
        folder = Path(made, root.resolve().name or "project")
        for path, content in _contents(root, files):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield folder


def _commit(root: Path, revision: str) -> str:
    asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    done = _run(root, asked)
    if done.returncode == 0:
        return done.stdout.decode().strip()
    inside = _run(root, ["rev-parse", "--git-dir"])
    if inside.returncode != 0:
        raise RevisionError(f"{root} is in no git repository", "run `git init` and commit first")
    raise RevisionError(f"git knows no revision {revision!r}", "as in HEAD~1, main or v1.2")


def _files(root: Path, commit: str) -> dict[str, str]:
    """Return path (relative to the project) and object of each file that matters."""
    # Run in a subfolder of the repository, ls-tree speaks of that folder only.
    listed = _git(root, ["ls-tree", "-r", "-z", commit])
    files = {}
    for line in listed.split(b"\0"):
        facts, _, name = line.partition(b"\t")
        if not name or facts.split()[0].decode() not in _REGULAR:
            continue
        path = name.decode("utf-8", "surrogateescape")
        if path == CONFIG_FILE or (path.endswith(".py") and _is_plain(path)):
            files[path] = facts.split()[2].decode()
    return files


def _is_plain(path: str) -> bool:
    """Return whether a path stays below the folder that it is written to."""
    parts = PurePosixPath(path).parts
    return not path.startswith("/") and ".." not in parts and "\\" not in path


def _contents(root: Path, files: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield each path with its bytes, all read by one process."""
    asked = "".join(f"{name}\n" for name in files.values()).encode()
    answer = _git(root, ["cat-file", "--batch"], asked)
    at = 0
    for path in files:
        end = answer.index(b"\n", at)
        facts = answer[at:end].split()
        if facts[1] == b"missing":
            raise RevisionError(
                f"git has no content of {path} any more (object {facts[0].decode()})",
                "`git fetch --refetch` brings back what a clone lacks, and `git fsck` says what",
            )
        size = int(facts[2])
        yield path, answer[end + 1 : end + 1 + size]
        at = end + size + 2


def _committed(root: Path, revision: str) -> Snapshot | None:
    done = _run(root, ["show", f"{_commit(root, revision)}:./{SNAPSHOT_FILE}"])
    if done.returncode != 0:
        return None
    try:
        return read_snapshot(done.stdout)
    except SnapshotError as error:
        raise RevisionError(f"{SNAPSHOT_FILE} at {revision!r}: {error}") from error


def _git(root: Path, arguments: list[str], given: bytes = b"") -> bytes:
    done = _run(root, arguments, given)
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RevisionError(f"git {arguments[0]}: {lines[-1] if lines else 'failed'}")
    return done.stdout


def _run(
    root: Path, arguments: list[str], given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - a fixed command; a revision cannot be an option
            ["git", "-C", str(root), *arguments],  # noqa: S607 - git is where the user has it
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise RevisionError("git is not installed", "install git to compare revisions") from error
