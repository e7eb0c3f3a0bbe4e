"""How a run of a flow ended, shown by `./main flows run`: as a table, as JSON, as an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.recording import masked_input
from pulpo_base.flows.run import FlowError, FlowRun
from pulpo_base.project.calls import failure, plain
from pulpo_base.project.errors import EXIT_INTERRUPTED, ProjectError
from pulpo_base.project.output import show_value, write_json

if TYPE_CHECKING:
    from pulpo_base.flows.runtime import FlowRuntime
    from pulpo_base.project.definition import Project
    from pulpo_base.runs.records import Record

__all__ = ["failed", "resume_hint", "show_record", "show_results"]


def show_results(run: str, done: FlowRun, results: Any, *, as_json: bool) -> None:
    """Show what a run of this process returned."""
    if not as_json:
        show_value(results, title=f"{done.flow}: {done.status.value}")
        return
    write_json({**_plain_run(run, done), "results": results})


def show_record(record: Record, *, as_json: bool) -> None:
    """Show how a run ended that another process worked on.

    Raises `ProjectError` where it failed or was cancelled.
    """
    name, state = record["flow"], record["state"]
    steps = [
        {
            "operation": step["operation"],
            "state": step["state"],
            "attempts": step.get("attempts", 0),
        }
        for step in record["steps"]
    ]
    about = {"flow": name, "run": record["_id"], "status": state}
    if state == "succeeded":
        results = json.loads(record["result"])
        if as_json:
            write_json({**about, "steps": steps, "results": results})
        else:
            show_value(results, title=f"{name}: {state} on Prefect")
        return
    problem = record.get("problem") or {}
    if as_json:
        write_json({**about, "steps": steps, "problem": plain(problem)})
    guilty = next((step for step in record["steps"] if step["state"] == "failed"), None)
    given = [] if guilty is None else [f"input: {json.dumps(plain(guilty.get('input')))}"]
    where = f": operation {guilty['operation']}" if guilty else ""
    text = problem.get("detail") or problem.get("title") or ""
    raise ProjectError(
        f"flow {name}{where} {state}: {text}",
        details=[*([f"code: {problem['code']}"] if "code" in problem else []), *given],
        hint=f"see `./main prefect logs`; {resume_hint(name, record['_id'])}",
        exit_code=record.get("exit_code") or (EXIT_INTERRUPTED if state == "cancelled" else 1),
    )


def failed(
    project: Project, runtime: FlowRuntime, run: str, error: FlowError, *, as_json: bool
) -> ProjectError:
    """Return the error that a command ends with whose run failed; with JSON it is shown as well."""
    cause = error.__cause__ or error
    problem = dict(runtime.problem(cause))
    shown = masked_input(error, runtime.mask)
    if as_json and error.run is not None:
        about = {"operation": error.operation, "input": shown, "problem": problem}
        write_json({**_plain_run(run, error.run), **about})
    what = f"flow {error.flow}: operation {error.operation}"
    tries = [f"tries: {error.attempts}"] if error.attempts > 1 else []
    unretried = [error.unretried] if error.unretried else []
    code = [f"code: {problem['code']}"] if "code" in problem else []
    given = [f"input: {json.dumps(shown, ensure_ascii=False)}"]
    raised = failure(project, what, error, cause, details=[*code, *tries, *unretried, *given])
    raised.hint = f"{raised.hint}; {resume_hint(error.flow, run)}" if run else raised.hint
    raised.__cause__ = error
    return raised


def resume_hint(flow: str, run: str) -> str:
    """Say how the run is resumed."""
    return f"resume it with `./main flows run {flow} --resume {run}`"


def _plain_run(run: str, done: FlowRun) -> dict[str, Any]:
    steps = [
        {
            "operation": name,
            "seconds": round(timing.duration, 6),
            "attempts": timing.attempts,
            **({"kept": True} if name in done.kept else {}),
        }
        for name, timing in sorted(done.timings.items(), key=lambda item: item[1].started)
    ]
    return {"flow": done.flow, "run": run or None, "status": done.status.value, "steps": steps}
