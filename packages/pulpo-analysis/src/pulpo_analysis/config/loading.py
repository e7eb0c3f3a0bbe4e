"""Reads `.pulpo.yml` into a `ProjectConfig`, with a located diagnostic for all that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from pulpo_analysis.config.pyproject import PYPROJECT, PyprojectSection, read_pyproject
from pulpo_analysis.config.settings import DiffConfig, LintConfig, ProjectConfig
from pulpo_analysis.diagnostics.catalogue import CATALOGUE, finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_base.specs import SourceLocation

__all__ = ["CONFIG_FILE", "LoadedConfig", "load_config"]

CONFIG_FILE = ".pulpo.yml"

Path_ = tuple[str, ...]


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
    path = root / CONFIG_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _unreadable(root, reason, SourceLocation(CONFIG_FILE))
    except UnicodeDecodeError as error:
        return _unreadable(root, f"it is no UTF-8: {error.reason}", SourceLocation(CONFIG_FILE))
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
    loaded = _validated(root, plain, dict(_places(node, (), set())))
    repeated = tuple(_repeated(node, (), set()))
    return replace(loaded, diagnostics=(*repeated, *loaded.diagnostics))


def _unreadable(root: Path, problem: str, location: SourceLocation) -> LoadedConfig:
    found = finding("PLC001", f"{location.path}: {problem}", location, hint="defaults are used")
    return LoadedConfig(_named(ProjectConfig(), root), (found,))


def _validated(
    root: Path, plain: dict[str, Any], places: Mapping[Path_, SourceLocation]
) -> LoadedConfig:
    diagnostics = list(_unknown_keys(ProjectConfig, plain, (), places))
    diagnostics.extend(_unknown_places(root, plain, places))
    try:
        config = ProjectConfig.model_validate(plain)
    except ValidationError as error:
        # One more round without the rejected keys: what remains of the file still counts.
        for item in error.errors(include_url=False):
            path = tuple(str(part) for part in item["loc"])
            diagnostics.append(
                finding(
                    "PLC003",
                    f"`{'.'.join(path)}`: {item['msg']}",
                    _place(places, path),
                    hint="the default is used",
                )
            )
            _remove(plain, item["loc"])
        config = ProjectConfig.model_validate(plain)
    diagnostics.extend(_unknown_codes(config, places))
    return LoadedConfig(_named(config, root), tuple(diagnostics), places)


def _named(config: ProjectConfig, root: Path) -> ProjectConfig:
    if config.project.name:
        return config
    project = config.project.model_copy(update={"name": root.resolve().name or "project"})
    return config.model_copy(update={"project": project})


def _unknown_keys(
    model: type[BaseModel],
    plain: dict[Any, Any],
    path: Path_,
    places: Mapping[Path_, SourceLocation],
) -> Iterator[Diagnostic]:
    """Yield a finding per unknown key, and take the key out of `plain`."""
    for key in list(plain):
        here = (*path, str(key))
        field = model.model_fields.get(str(key))
        section = _section(field.annotation) if field else None
        if field is None:
            del plain[key]
            yield finding(
                "PLC002",
                f"unknown key `{'.'.join(here)}`",
                _place(places, here),
                hint=did_you_mean(str(key), model.model_fields),
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


def _section(annotation: Any) -> type[BaseModel] | None:
    is_section = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation if is_section else None


def _places(
    node: yaml.Node | None, path: Path_, seen: set[int]
) -> Iterator[tuple[Path_, SourceLocation]]:
    """Yield where each key and list item of the file stands, what is aliased once only."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            mark = key.start_mark
            yield here, SourceLocation(CONFIG_FILE, mark.line + 1, mark.column + 1)
            yield from _places(value, here, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            here = (*path, str(index))
            mark = value.start_mark
            yield here, SourceLocation(CONFIG_FILE, mark.line + 1, mark.column + 1)
            yield from _places(value, here, seen)


def _repeated(node: yaml.Node | None, path: Path_, seen: set[int]) -> Iterator[Diagnostic]:
    """Yield a finding per key that stands twice in one mapping: YAML keeps the last silently."""
    if id(node) in seen or not isinstance(node, yaml.MappingNode):
        return
    seen.add(id(node))
    first: dict[str, SourceLocation] = {}
    for key, value in node.value:
        here = (*path, str(key.value))
        place = SourceLocation(CONFIG_FILE, key.start_mark.line + 1, key.start_mark.column + 1)
        if here[-1] in first:
            message = f"`{'.'.join(here)}` is given twice; the last one counts"
            yield finding("PLC003", message, place, first[here[-1]], hint="remove one of them")
        first.setdefault(here[-1], place)
        yield from _repeated(value, here, seen)


def _place(places: Mapping[Path_, SourceLocation], path: Path_) -> SourceLocation:
    """Return the place of the longest known part of `path`."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, SourceLocation(CONFIG_FILE))


def _remove(plain: dict[str, Any], path: tuple[int | str, ...]) -> None:
    """Take the rejected value out: the key at `path`, or the list or section that holds it."""
    holder: Any = plain
    for part in path[:-1]:
        if not isinstance(holder, dict) or not isinstance(holder.get(part), dict):
            path = (part,)
            break
        holder = holder[part]
    if isinstance(holder, dict):
        holder.pop(path[-1], None)
