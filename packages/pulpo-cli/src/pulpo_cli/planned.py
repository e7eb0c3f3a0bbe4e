"""What `compile --plan` prints: causes, and below each the files that it touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.text import Text

    from pulpo_base.specs import SourceLocation
    from pulpo_codegen import WritePlan
    from pulpo_codegen.explanation import Cause, Explanation
    from pulpo_codegen.write.plan import FileAction

__all__ = ["actions_of", "ahead", "counted", "plan_lines", "plan_value"]

_STYLES = {"create": "green", "update": "yellow", "delete": "red", "refuse": "bold red"}
_DONE = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "keep": "unchanged",
    "refuse": "refused",
}
_PLANNED = {"keep": "kept", "refuse": "refused"}
#: More files than these are counted, by folder: nobody reads a list of hundreds.
_LISTED = 12


def actions_of(plan: WritePlan) -> tuple[tuple[str, tuple[FileAction, ...]], ...]:
    """Return the lists of a plan with the name of what happens to their files."""
    return (
        ("create", plan.create),
        ("update", plan.update),
        ("delete", plan.delete),
        ("refuse", plan.refuse),
        ("keep", plan.keep),
    )


def counted(plan: WritePlan) -> str:
    """Return what happened in words: `3 created, 40 unchanged`."""
    parts = [f"{len(items)} {_DONE[verb]}" for verb, items in actions_of(plan) if items]
    return ", ".join(parts) or "nothing to generate"


def ahead(plan: WritePlan) -> str:
    """Return what would happen in words: `3 to create, 40 kept`."""
    parts = [
        f"{len(items)} to {verb}" if verb not in _PLANNED else f"{len(items)} {_PLANNED[verb]}"
        for verb, items in actions_of(plan)
        if items
    ]
    return ", ".join(parts)


def plan_lines(plan: WritePlan, explanation: Explanation) -> list[Text]:
    """Return the plan as lines: causes above the files that they share, and the sum at the end."""
    from rich.text import Text

    verbs = {item.path: verb for verb, items in actions_of(plan) for item in items}
    alike: dict[tuple[str, ...], list[Cause]] = {}
    for cause in explanation.causes:
        alike.setdefault(cause.files, []).append(cause)
    lines: list[Text] = []
    for files, causes in alike.items():
        lines.extend(map(_headline, causes))
        for verb, style in _STYLES.items():
            paths = [path for path in files if verbs[path] == verb]
            lines.extend(
                Text.assemble("  ", (f"{word:<8}", style), text)
                for word, text in _listed(verb, paths)
            )
        lines.append(Text())
    lines.append(Text(_sum(plan), style="bold"))
    return lines


def plan_value(plan: WritePlan, explanation: Explanation) -> dict[str, Any]:
    """Return the plan for other programs: every file with its causes, every cause in full."""
    causes = list(explanation.causes)
    of: dict[str, list[int]] = {}
    for number, cause in enumerate(causes):
        for path in cause.files:
            of.setdefault(path, []).append(number)
    return {
        "files": [
            {
                "path": item.path,
                "action": verb,
                "reason": item.reason,
                "causes": of.get(item.path, []),
            }
            for verb, items in actions_of(plan)
            for item in items
        ],
        "causes": [
            {
                "where": cause.where,
                "what": cause.what,
                "location": str(cause.location) if cause.location else None,
                "meets": list(cause.meets),
                "risk": cause.risk or None,
                "files": list(cause.files),
            }
            for cause in causes
        ],
    }


def _headline(cause: Cause) -> Text:
    from rich.text import Text

    line = Text()
    if cause.where:
        line.append(f"{cause.where} ", style="bold cyan")
    line.append(cause.what)
    if cause.location is not None:
        line.append(f" at {_place(cause.location)}", style="dim")
    if cause.meets:
        line.append(f" → {', '.join(cause.meets)}")
    if cause.risk:
        line.append(f" ({cause.risk})", style="red" if cause.risk == "breaking" else "yellow")
    return line


def _place(location: SourceLocation) -> str:
    return f"{location.path}:{location.line}"


def _listed(verb: str, paths: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield lines of a verb (once) and a path; many paths as counts of their folders."""
    if len(paths) <= _LISTED:
        texts = [f"run_cache/{path}" for path in paths]
    else:
        folders: dict[str, int] = {}
        for path in paths:
            folder = path.rpartition("/")[0]
            folders[folder] = folders.get(folder, 0) + 1
        texts = [
            f"run_cache/{folder}{'/' if folder else ''} ({number} files)"
            for folder, number in sorted(folders.items())
        ]
    for number, text in enumerate(texts):
        yield ("" if number else verb), text


def _sum(plan: WritePlan) -> str:
    if not plan.has_changes and not plan.refuse:
        return f"nothing would change: {len(plan.keep)} files are up to date"
    return f"Plan: {ahead(plan)}."
