"""`Project`: what generated code says about the application, as text, and how it is loaded."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from pulpo_base.project.errors import ProjectError

if TYPE_CHECKING:
    from pulpo_base.flows.definition import FlowDefinition
    from pulpo_base.flows.runtime import FlowRuntime

__all__ = ["Project", "ProjectSettings", "place_in_project"]


class ProjectSettings(Protocol):
    """The attributes that the command line reads from the generated settings.

    An empty `mongodb_url` means a database that the command line starts itself. `auth` is `none`,
    `api_key` or `jwt`; with `none` the API is served to this machine only, unless
    `public_without_auth`. The attributes with `flow_` are those of `flows` in `.pulpo.yml`.
    """

    @property
    def mongodb_url(self) -> str: ...  # noqa: D102 - attributes, explained above
    @property
    def mongodb_database(self) -> str: ...  # noqa: D102
    @property
    def api_host(self) -> str: ...  # noqa: D102
    @property
    def api_port(self) -> int: ...  # noqa: D102
    @property
    def auth(self) -> str: ...  # noqa: D102
    @property
    def public_without_auth(self) -> bool: ...  # noqa: D102
    @property
    def flow_pool(self) -> str: ...  # noqa: D102
    @property
    def flow_pool_type(self) -> str: ...  # noqa: D102
    @property
    def flow_job_variables(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def flow_tag_limits(self) -> Mapping[str, int]: ...  # noqa: D102
    @property
    def flow_result_storage(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Project:
    """The application behind one `./main`.

    `root` is the project's folder. `app` is the ASGI application; it and all others are
    references of the form `module:attribute`, loaded when a command needs them. `settings` has
    the attributes of `ProjectSettings`; `documents` is a sequence of Beanie document classes,
    `operations` maps dotted names to callables, `flows` maps names to `FlowDefinition`s.
    `runtime` (a `FlowRuntime`: what those who run flows are given) and `exit_code` (error → int,
    for an error that an operation raised) may be left empty.
    """

    name: str
    root: Path
    app: str
    settings: str
    documents: str
    operations: str
    flows: str = ""
    runtime: str = ""
    exit_code: str = ""

    @property
    def state_directory(self) -> Path:
        """Where services leave their state: records, logs, the database's files."""
        return self.root / ".pulpo"

    @property
    def log_directory(self) -> Path:
        """Where the services' logs are."""
        return self.state_directory / "logs"

    def load_settings(self) -> ProjectSettings:
        """Return the settings object. Raises `ProjectError` where they do not load."""
        return cast("ProjectSettings", self._load(self.settings))

    def load_documents(self) -> tuple[Any, ...]:
        """Return the document classes. Raises `ProjectError` where user code does not load."""
        return tuple(self._load(self.documents))

    def load_operations(self) -> Mapping[str, Callable[..., Any]]:
        """Return the operations by name. Raises `ProjectError` where user code does not load."""
        return cast("Mapping[str, Callable[..., Any]]", self._load(self.operations))

    def load_flows(self) -> Mapping[str, FlowDefinition]:
        """Return the flows by name. Raises `ProjectError` where user code does not load."""
        return cast("Mapping[str, FlowDefinition]", self._load(self.flows)) if self.flows else {}

    def load_prefect_flows(self) -> Mapping[str, Any]:
        """Return the flows by name as Prefect runs them; importing them imports Prefect.

        They are generated beside `flows`. Raises `ProjectError` where they do not load.
        """
        package = self.flows.partition(":")[0].rpartition(".")[0]
        return cast("Mapping[str, Any]", self._load(f"{package}.prefect_flows:FLOWS"))

    @property
    def has_prefect_operations(self) -> bool:
        """Whether operations that go on after their request were generated as Prefect code."""
        return bool(self.flows) and self._generated("prefect_operations").is_file()

    @property
    def has_prefect_flows(self) -> bool:
        """Whether flows were generated as Prefect code; none of them is imported."""
        folder = self._generated("workflows").with_suffix("")
        return any(path.stem != "__init__" for path in folder.glob("*.py"))

    def load_prefect_operations(self) -> Mapping[str, Any]:
        """Return the operations that go on after their request as flows of Prefect, by name.

        Raises `ProjectError` where they do not load.
        """
        if not self.has_prefect_operations:
            return {}
        package = self.flows.partition(":")[0].rpartition(".")[0]
        return cast("Mapping[str, Any]", self._load(f"{package}.prefect_operations:OPERATIONS"))

    def _generated(self, module: str) -> Path:
        package = self.flows.partition(":")[0].rpartition(".")[0]
        return self.root.joinpath(*package.split("."), f"{module}.py")

    def load_runtime(self) -> FlowRuntime:
        """Return what those who run flows are given; without a reference, the bare flows.

        Raises `ProjectError` where user code does not load.
        """
        from pulpo_base.flows.runtime import FlowRuntime

        if self.runtime:
            return cast("FlowRuntime", self._load(self.runtime))
        return FlowRuntime(self.load_flows(), self.load_operations())

    def load_exit_code(self) -> Callable[[BaseException], int] | None:
        """Return the function that maps an operation's error to an exit code, if given."""
        return self._load(self.exit_code) if self.exit_code else None

    def _load(self, reference: str) -> Any:
        module_name, _, attribute = reference.partition(":")
        root = str(self.root)
        if root not in sys.path:
            sys.path.insert(0, root)
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name is not None and _is_inside(error.name, module_name):
                raise ProjectError(
                    f"the generated module {error.name} is missing",
                    hint="run `pulpo compile`",
                ) from error
            raise self._import_error(module_name, error) from error
        except Exception as error:
            raise self._import_error(module_name, error) from error
        try:
            return getattr(module, attribute)
        except AttributeError as error:
            raise ProjectError(
                f"the generated module {module_name} has no {attribute}",
                hint="it was made by another version: run `pulpo compile`",
            ) from error

    def _import_error(self, module_name: str, error: Exception) -> ProjectError:
        place = place_in_project(error, self.root)
        where = f" at {place}" if place else f" while {module_name} was imported"
        return ProjectError(
            f"the project's code does not load: {type(error).__name__}{where}",
            details=[line for line in str(error).splitlines() if line.strip()],
            hint="mend it, or add --debug before the command to see the whole traceback",
        )


def _is_inside(missing: str, wanted: str) -> bool:
    return wanted == missing or wanted.startswith(f"{missing}.")


def place_in_project(error: BaseException, root: Path) -> str:
    """Return `file:line` of the innermost frame of `error` in the project, empty if none.

    Frames of installed packages do not count, even where the environment is inside `root`.
    """
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f"{_relative(Path(error.filename), root)}:{error.lineno}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(root) and "site-packages" not in path.parts:
            return f"{_relative(path, root)}:{frame.lineno}"
    return ""


def _relative(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path
