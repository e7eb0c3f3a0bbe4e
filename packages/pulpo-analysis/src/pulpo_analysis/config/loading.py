"""Reads `.pulpo.yml` into a `ProjectConfig`, with a located diagnostic for all that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pulpo_analysis.config.places import CONFIG_FILE, Path_
from pulpo_analysis.config.plain_yaml import read_plain
from pulpo_analysis.config.pyproject import PYPROJECT, PyprojectSection, read_pyproject
from pulpo_analysis.config.settings import DiffConfig, LintConfig, ProjectConfig
from pulpo_analysis.config.validation import section_of, validated
from pulpo_analysis.diagnostics.catalogue import CATALOGUE, finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_base.specs import SourceLocation

__all__ = ["CONFIG_FILE", "LoadedConfig", "load_config"]


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """The configuration that holds, and what is wrong with the file that it came from.

    A key with a finding is left out, so that the default stands in its place.
    """

    config: ProjectConfig
    diagnostics: tuple[Diagnostic, ...] = ()
    places: Mapping[tuple[str, ...], SourceLocation] = field(default_factory=dict)

    def place(self, *path: str) -> SourceLocation:
        """Return where a key stands, as in `place("flows", "include", "0")`."""
        return _place(self.places, path)


def load_config(root: Path) -> LoadedConfig:
    """Return the configuration of the project in `root`; no file means all defaults.

    It stands in `.pulpo.yml`; where there is none, in `[tool.pulpo]` of `pyproject.toml`.
    """
    section = read_pyproject(root)
    if not (root / CONFIG_FILE).exists():
        return _from_pyproject(root, section)
    loaded = _from_yaml(root)
    if section is None:
        return loaded
    second = finding(
        "PLC007",
        f"`[tool.pulpo]` of {PYPROJECT} has no effect: {CONFIG_FILE} is the configuration",
        _place(section.places, ()),
        hint="keep one of them",
    )
    return replace(loaded, diagnostics=(*loaded.diagnostics, second))


def _from_pyproject(root: Path, section: PyprojectSection | None) -> LoadedConfig:
    if section is None:
        return LoadedConfig(_named(ProjectConfig(), root))
    if section.problem:
        return _unreadable(root, section.problem, _place(section.places, ()))
    return _validated(root, section.plain, section.places)


def _from_yaml(root: Path) -> LoadedConfig:
    try:
        text = (root / CONFIG_FILE).read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _unreadable(root, reason, SourceLocation(CONFIG_FILE))
    except UnicodeDecodeError as error:
        return _unreadable(root, f"it is no UTF-8: {error.reason}", SourceLocation(CONFIG_FILE))
    simple = read_plain(text)
    if simple is not None:
        places = {key: SourceLocation(CONFIG_FILE, *place) for key, place in simple.places.items()}
        return _validated(root, simple.value, places)
    return _composed(root, text)


def _composed(root: Path, text: str) -> LoadedConfig:
    """Return what a file says that uses all of YAML, or has something wrong with it."""
    # Here, because PyYAML costs more than reading a small project.
    import yaml

    from pulpo_analysis.config.nodes import places_of, repeated_keys

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        plain = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return _unreadable(root, str(error.problem), SourceLocation(CONFIG_FILE, line, column))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: PyYAML lets that of a date such as 2026-99-99 through.
        return _unreadable(root, str(error), SourceLocation(CONFIG_FILE))
    if plain is None:
        return LoadedConfig(_named(ProjectConfig(), root))
    if not isinstance(plain, dict):
        return _unreadable(root, "the top level must be a mapping", SourceLocation(CONFIG_FILE))
    loaded = _validated(root, plain, dict(places_of(node)))
    repeated = tuple(repeated_keys(node))
    return replace(loaded, diagnostics=(*repeated, *loaded.diagnostics))


def _unreadable(root: Path, problem: str, location: SourceLocation) -> LoadedConfig:
    found = finding("PLC001", f"{location.path}: {problem}", location, hint="defaults are used")
    return LoadedConfig(_named(ProjectConfig(), root), (found,))


def _validated(
    root: Path, plain: dict[str, Any], places: Mapping[Path_, SourceLocation]
) -> LoadedConfig:
    diagnostics = list(_unknown_keys(ProjectConfig, plain, (), places))
    diagnostics.extend(_unknown_places(root, plain, places))
    config, rejected = validated(ProjectConfig, plain)
    for item in rejected:
        path = tuple(str(part) for part in item.path)
        diagnostics.append(
            finding(
                "PLC003",
                f"`{'.'.join(path)}`: {item.reason}",
                _place(places, path),
                hint="the default is used",
            )
        )
    diagnostics.extend(_unknown_codes(config, places))
    return LoadedConfig(_named(config, root), tuple(diagnostics), places)


def _named(config: ProjectConfig, root: Path) -> ProjectConfig:
    if config.project.name:
        return config
    name = root.resolve().name or "project"
    return replace(config, project=replace(config.project, name=name))


def _unknown_keys(
    kind: type,
    plain: dict[Any, Any],
    path: Path_,
    places: Mapping[Path_, SourceLocation],
) -> Iterator[Diagnostic]:
    """Yield a finding per unknown key, and take the key out of `plain`."""
    known = [one.name for one in fields(kind)]
    for key in list(plain):
        here = (*path, str(key))
        section = section_of(kind, str(key))
        if key not in known:
            del plain[key]
            yield finding(
                "PLC002",
                f"unknown key `{'.'.join(here)}`",
                _place(places, here),
                hint=did_you_mean(str(key), known),
            )
        elif section is not None and isinstance(plain[key], dict):
            yield from _unknown_keys(section, plain[key], here, places)
        elif section is not None and plain[key] is None:
            plain[key] = {}


def _unknown_places(
    root: Path, plain: dict[Any, Any], places: Mapping[Path_, SourceLocation]
) -> Iterator[Diagnostic]:
    """Yield a finding per source root that is no folder of the project."""
    section = plain.get("discovery")
    roots = section.get("roots") if isinstance(section, dict) else None
    for index, entry in enumerate(roots if isinstance(roots, list) else ()):
        if not isinstance(entry, str):
            continue  # a finding of its own, by its type
        inside = not Path(entry).is_absolute() and ".." not in Path(entry).parts
        if not inside or not (root / entry).is_dir():
            yield finding(
                "PLC003",
                f"`discovery.roots`: {entry!r} is no folder of this project",
                _place(places, ("discovery", "roots", str(index))),
                hint="give folders relative to the project, as in `src`",
            )


def _unknown_codes(
    config: ProjectConfig, places: Mapping[Path_, SourceLocation]
) -> Iterator[Diagnostic]:
    """Yield a finding per entry of `lint` and `diff` that matches no code."""
    for path, entry in (*_lint_codes(config.lint), *_diff_codes(config.diff)):
        if not entry or not any(code.startswith(entry) for code in CATALOGUE):
            yield finding(
                "PLC003",
                f"`{path[0]}.{path[1]}`: no code starts with {entry!r}",
                _place(places, path),
                hint=did_you_mean(entry, CATALOGUE),
            )


def _lint_codes(lint: LintConfig) -> Iterator[tuple[Path_, str]]:
    """Yield every code that the section mentions, and where."""
    for name, entries in (("select", lint.select), ("ignore", lint.ignore)):
        yield from ((("lint", name, str(index)), entry) for index, entry in enumerate(entries))
    for pattern, entries in lint.per_file_ignores.items():
        for index, entry in enumerate(entries):
            yield ("lint", "per_file_ignores", pattern, str(index)), entry
    yield from ((("lint", "levels", code), code) for code in lint.levels)


def _diff_codes(diff: DiffConfig) -> Iterator[tuple[Path_, str]]:
    """Yield every code that the section ignores, and where."""
    for index, rule in enumerate(diff.ignore):
        yield ("diff", "ignore", str(index)), rule.code


def _place(places: Mapping[Path_, SourceLocation], path: Path_) -> SourceLocation:
    """Return the place of the longest known part of `path`."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, SourceLocation(CONFIG_FILE))
