"""What `compile` prints, and the short way to it where no option asks for more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulpo_cli.errors import MISTAKE
from pulpo_cli.output import (
    note,
    print_diagnostics,
    print_done,
    print_json,
    print_styled,
    print_text,
)
from pulpo_cli.planned import actions_of, ahead, counted, plan_lines, plan_value

if TYPE_CHECKING:
    from pulpo_cli.interface import CLI
    from pulpo_codegen import CompileResult

__all__ = ["compile_targets", "report"]

#: More warnings than these are for `pulpo lint`: here they would hide what was done.
_SHOWN = 5


def compile_targets(cli: CLI, *targets: str, as_json: bool = False) -> int | None:
    """Compile targets, or all, and print what was done; `None` where that needs the long way."""
    result = cli.recall(targets)
    if result is None:
        if targets or cli.is_empty:
            return None
        result = cli.compile()
    report(cli, result, as_json=as_json)
    return MISTAKE if result.errors else 0


def report(cli: CLI, result: CompileResult, *, as_json: bool, planned: bool = False) -> None:
    """Print what was done; `planned` what would be, and why."""
    plan = result.plan
    if as_json:
        print_json(_value(cli, result, planned=planned))
    elif planned and (plan.has_changes or plan.refuse or not result.errors):
        for line in plan_lines(plan, cli.explain(result)):
            print_styled(line)
    elif not result.errors and plan.has_changes and not result.applied:
        note(f"[yellow]stale:[/] {ahead(plan)}; run `pulpo compile`")
    elif not result.errors:
        print_done(f"run_cache/: {counted(plan)}")
        _warn(cli, result)
    if result.errors and not as_json:
        # What is merely worth a note belongs to `pulpo lint`.
        print_diagnostics(result.errors, cli.root)


def _value(cli: CLI, result: CompileResult, *, planned: bool) -> dict[str, Any]:
    plan = result.plan
    files = [
        {"path": item.path, "action": verb, "reason": item.reason}
        for verb, items in actions_of(plan)
        for item in items
    ]
    return {
        "applied": result.applied,
        "targets": list(result.targets),
        "files": files,
        **(plan_value(plan, cli.explain(result)) if planned else {}),
        "errors": [f"{found.code}: {found.message}" for found in result.errors],
    }


def _warn(cli: CLI, result: CompileResult) -> None:
    warnings = [found for found in result.diagnostics if found.severity.value == "warning"]
    if warnings:
        print_diagnostics(warnings[:_SHOWN], cli.root)
    if len(warnings) > _SHOWN:
        print_text(f"{len(warnings) - _SHOWN} more warnings: see `pulpo lint`")
