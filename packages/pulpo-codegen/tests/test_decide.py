"""The decision, case by case; no disk is involved."""

from __future__ import annotations

import pytest

from pulpo_codegen.check import RenderedFile
from pulpo_codegen.digest import sha256
from pulpo_codegen.write.decision import decide
from pulpo_codegen.write.disk import DiskEntry, DiskKind
from pulpo_codegen.write.manifest import Manifest, ManifestEntry, ManifestError
from pulpo_codegen.write.plan import WritePlan

OLD, NEW, HAND = (sha256(text) for text in (b"old\n", b"new\n", b"hand\n"))
WANTED = RenderedFile("a.py", b"new\n", NEW, "docs", (), 0o644)


def on_disk(digest: str, *, executable: bool = False) -> DiskEntry:
    return DiskEntry(DiskKind.FILE, digest, executable)


def known(digest: str | None, pending: str | None = None, path: str = "a.py") -> Manifest:
    return Manifest.of([(path, ManifestEntry("docs", digest, pending))])


def verdicts(plan: WritePlan) -> dict[str, str]:
    return {
        verb: action.reason
        for verb in ("create", "update", "keep", "delete", "refuse")
        for action in getattr(plan, verb)
    }


@pytest.mark.parametrize(
    ("manifest", "entry", "force", "verdict"),
    [
        (None, None, False, {"create": "new"}),
        (known(OLD), None, False, {"create": "was missing"}),
        (known(NEW), on_disk(NEW), False, {"keep": "unchanged"}),
        (None, on_disk(NEW), False, {"keep": "unchanged, not in the manifest"}),
        (known(OLD), on_disk(NEW), False, {"keep": "unchanged"}),
        (known(NEW), on_disk(NEW, executable=True), False, {"update": "other permissions"}),
        (known(OLD), on_disk(OLD), False, {"update": "content changed"}),
        (known(HAND, OLD), on_disk(OLD), False, {"update": "content changed"}),
        (known(None, OLD), on_disk(OLD), False, {"update": "content changed"}),
        (known(OLD), on_disk(HAND), False, {"refuse": "edited by hand"}),
        (known(OLD), on_disk(HAND), True, {"update": "overwritten by force"}),
        (None, on_disk(HAND), False, {"refuse": "is a file that the manifest does not list"}),
        (None, on_disk(HAND), True, {"update": "overwritten by force"}),
        (None, DiskEntry(DiskKind.FOLDER), True, {"refuse": "is a folder"}),
        (known(OLD), DiskEntry(DiskKind.LINK), True, {"refuse": "is a symbolic link"}),
        (None, DiskEntry(DiskKind.ESCAPES), True, {"refuse": "leaves the generated tree"}),
        (
            None,
            DiskEntry(DiskKind.BELOW_FILE),
            True,
            {"refuse": "is below something that is a file"},
        ),
    ],
)
def test_a_file_that_is_wanted(
    manifest: Manifest | None, entry: DiskEntry | None, force: bool, verdict: dict[str, str]
) -> None:
    disk = {} if entry is None else {"a.py": entry}
    plan = decide([WANTED], manifest, disk, force=force)
    assert verdicts(plan) == verdict
    assert bool(plan.diagnostics) == ("refuse" in verdict)
    if "refuse" not in verdict:
        assert plan.result == known(NEW)


@pytest.mark.parametrize(
    ("entry", "force", "verdict"),
    [
        (None, False, {"delete": "no longer generated, already gone"}),
        (on_disk(OLD), False, {"delete": "no longer generated"}),
        (on_disk(HAND), False, {"refuse": "edited by hand"}),
        (on_disk(HAND), True, {"delete": "no longer generated, deleted by force"}),
        (DiskEntry(DiskKind.FOLDER), True, {"refuse": "is a folder"}),
        (DiskEntry(DiskKind.ESCAPES), True, {"refuse": "leaves the generated tree"}),
    ],
)
def test_a_file_that_is_no_longer_wanted(
    entry: DiskEntry | None, force: bool, verdict: dict[str, str]
) -> None:
    disk = {} if entry is None else {"a.py": entry}
    plan = decide([], known(OLD), disk, force=force)
    assert verdicts(plan) == verdict
    if "refuse" not in verdict:
        assert plan.result == Manifest()


def test_the_codes_of_refusals() -> None:
    edited = decide([WANTED], known(OLD), {"a.py": on_disk(HAND)})
    unknown = decide([WANTED], None, {"a.py": on_disk(HAND)})
    outside = decide([WANTED], None, {"a.py": DiskEntry(DiskKind.ESCAPES)})
    codes = [plan.diagnostics[0].code for plan in (edited, unknown, outside)]
    assert codes == ["PLW001", "PLW002", "PLW003"]
    assert str(edited.diagnostics[0].location) == "run_cache/a.py:1:1"


def test_the_journal_accepts_the_old_and_the_new() -> None:
    plan = decide([WANTED], known(OLD), {"a.py": on_disk(OLD)})
    assert plan.journal.entries["a.py"] == ManifestEntry("docs", OLD, NEW)
    for crashed in (OLD, NEW):
        again = decide([WANTED], plan.journal, {"a.py": on_disk(crashed)})
        assert not again.refuse
        assert again.result == known(NEW)
        assert again.manifest_changes


def test_a_forced_journal_accepts_what_was_edited() -> None:
    plan = decide([WANTED], known(OLD), {"a.py": on_disk(HAND)}, force=True)
    assert not decide([WANTED], plan.journal, {"a.py": on_disk(HAND)}).refuse


def test_targets_that_were_not_asked_for_stay() -> None:
    manifest = Manifest.of(
        [("x.py", ManifestEntry("api", OLD)), ("y.py", ManifestEntry("docs", OLD))]
    )
    disk = {"x.py": on_disk(HAND), "y.py": on_disk(OLD)}
    plan = decide([WANTED], manifest, disk, scope={"docs"})
    assert [action.path for action in plan.delete] == ["y.py"]
    assert not plan.refuse
    assert set(plan.result.entries) == {"a.py", "x.py"}


def test_a_managed_file_makes_way_for_a_folder() -> None:
    inside = RenderedFile("a.py/b", b"new\n", NEW, "docs", (), 0o644)
    disk = {"a.py": on_disk(OLD), "a.py/b": DiskEntry(DiskKind.BELOW_FILE)}
    plan = decide([inside], known(OLD), disk)
    assert verdicts(plan) == {"delete": "no longer generated", "create": "new"}


def test_nothing_to_do_is_no_change() -> None:
    plan = decide([WANTED], known(NEW), {"a.py": on_disk(NEW)})
    assert not plan.has_changes
    assert not plan.manifest_changes


def test_a_manifest_is_read_back() -> None:
    manifest = Manifest.of(
        [("b", ManifestEntry("docs", OLD, NEW)), ("a/ü", ManifestEntry("api", None, NEW))]
    )
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest
    assert list(manifest.pending) == ["a/ü", "b"]
    assert manifest.to_bytes().endswith(b"\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b'{"format": 2, "files": {}}',
        b'{"format": 1, "files": []}',
        b'{"format": 1, "files": {"a": null}}',
        b'{"format": 1, "files": {"a": {"sha256": 1, "target": "x"}}}',
        b'{"format": 1, "files": {"a": {"sha256": "x"}}}',
        b'{"format": 1, "files": {"../a": {"sha256": "x", "target": "x"}}}',
        b'{"format": 1, "files": {"/etc/passwd": {"sha256": "x", "target": "x"}}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_manifest_is_an_error(data: bytes) -> None:
    with pytest.raises(ManifestError):
        Manifest.from_bytes(data)
