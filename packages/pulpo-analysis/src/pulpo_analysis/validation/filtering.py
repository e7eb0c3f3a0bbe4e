"""Which findings count, and at what level: what configuration and comments leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from pulpo_analysis.config.settings import LintConfig
from pulpo_analysis.diagnostics.catalogue import CATALOGUE, finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Edit, Fix, Severity
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.discovery.smells import IgnoreComment
from pulpo_base.specs import SourceLocation

__all__ = ["counting"]


def counting(
    diagnostics: Iterable[Diagnostic], config: LintConfig, ignores: Sequence[IgnoreComment] = ()
) -> Iterator[Diagnostic]:
    """Yield the findings that count, at the level that the configuration gives them.

    An error stops generation and is never left out. A comment that silences nothing is a
    finding, and so is one that does not say why.
    """
    used: set[tuple[IgnoreComment, str]] = set()
    refused: set[tuple[IgnoreComment, str]] = set()
    left: list[Diagnostic] = []
    by_path: defaultdict[str, list[IgnoreComment]] = defaultdict(list)
    for note in ignores:
        by_path[note.start.path].append(note)
    for found in diagnostics:
        near = by_path.get(found.location.path, ()) if found.location else ()
        matching = [(note, found.code) for note in near if _speaks_of(note, found)]
        if found.severity is Severity.ERROR:
            refused.update(matching)
            left.append(found)
        elif matching:
            used.update(matching)
        else:
            left.append(found)
    left.extend(_about_comments(ignores, used, refused))
    for found in left:
        kept = found if found.severity is Severity.ERROR else _configured(found, config)
        if kept is not None:
            yield kept


def _speaks_of(note: IgnoreComment, found: Diagnostic) -> bool:
    place = found.location
    return bool(place and note.first <= place.line <= note.last and found.code in note.codes)


def _configured(found: Diagnostic, config: LintConfig) -> Diagnostic | None:
    """Return a finding at the level that the configuration gives it, `None` for none at all."""
    if config.select and not _covers(config.select, found.code):
        return None
    if _covers(config.ignore, found.code):
        return None
    path = found.location.path if found.location else ""
    for pattern, codes in config.per_file_ignores.items():
        if fnmatchcase(path, pattern) and _covers(codes, found.code):
            return None
    said = [code for code in config.levels if code and found.code.startswith(code)]
    if not said:
        return found
    # The longest prefix speaks of this code most precisely.
    level = config.levels[max(said, key=len)]
    return None if level == "off" else replace(found, severity=Severity(level))


def _covers(prefixes: Collection[str], code: str) -> bool:
    return code.startswith(tuple(filter(None, prefixes)))


def _about_comments(
    ignores: Sequence[IgnoreComment],
    used: set[tuple[IgnoreComment, str]],
    refused: set[tuple[IgnoreComment, str]],
) -> Iterator[Diagnostic]:
    for note in ignores:
        if not note.codes or not note.reason:
            missing = "codes" if not note.codes else "a reason"
            yield finding(
                "PLC005",
                f"this comment ignores findings without {missing}",
                note.start,
                hint="write `# pulpo: ignore[CODE] why it is right here`",
            )
        idle = [code for code in note.codes if (note, code) not in used]
        if idle:
            yield finding(
                "PLC006",
                f"this comment silences no {' and no '.join(idle)}",
                note.start,
                hint=_idle_hint(note, idle, refused),
                fix=_without(note, idle),
            )


def _idle_hint(
    note: IgnoreComment, idle: Sequence[str], refused: set[tuple[IgnoreComment, str]]
) -> str:
    if any((note, code) in refused for code in idle):
        return "errors stop generation, and cannot be ignored"
    unknown = [code for code in idle if code not in CATALOGUE]
    return did_you_mean(unknown[0], CATALOGUE) if unknown else "remove it"


def _without(note: IgnoreComment, idle: Sequence[str]) -> Fix:
    """Return the fix that takes idle codes out, and the comment with the last of them."""
    rest = [code for code in note.codes if code not in idle]
    if rest:
        text = f"# pulpo: ignore[{', '.join(rest)}] {note.reason}".rstrip()
        return Fix("take the code out", (Edit(note.start, note.end, text),))
    path, line = note.start.path, note.start.line
    if note.code_end == 1:
        edit = Edit(SourceLocation(path, line), SourceLocation(path, line + 1), "")
    else:
        edit = Edit(SourceLocation(path, line, note.code_end), note.end, "")
    return Fix("remove the comment", (edit,))
