"""What `./main flows run` does: a call is made of what was given, run, and its end shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.parts import part_of, part_parameters, selected_steps
from pulpo_base.flows.run import FlowError, FlowRun
from pulpo_base.flows.running import FlowCall, resumed_call, run_call
from pulpo_base.project.calls import run_connected
from pulpo_base.project.errors import EXIT_INTERRUPTED, ProjectError
from pulpo_base.project.flow_endings import failed, resume_hint, show_record, show_results
from pulpo_base.project.flow_progress import flow_progress
from pulpo_base.project.inputs import find, findings
from pulpo_base.project.output import log_in_lines, table, write_json
from pulpo_base.suggestions import did_you_mean

if TYPE_CHECKING:
    from pulpo_base.flows.dispatch import Engine
    from pulpo_base.flows.plan import FlowPlan
    from pulpo_base.flows.runtime import FlowRuntime
    from pulpo_base.project.definition import Project
    from pulpo_base.runs.records import Database, Record

__all__ = ["FlowCommand"]

_LAST = "last"


@dataclass(slots=True)
class _Outcome:
    """The id of a run and how it ended; neither where it was cancelled from elsewhere."""

    run: str = ""
    end: FlowRun | FlowError | None = None
    record: Record | None = None
    """Of a run that another process worked on, when it has ended."""


class FlowCommand:
    """One `flows run`: checked when it is made, then shown (`show`) or run (`run`)."""

    def __init__(
        self,
        project: Project,
        name: str,
        given: Any,
        *,
        part: Mapping[str, Iterable[str]],
        resume: str,
        engine: Engine,
        as_json: bool,
    ) -> None:
        """Raise `ProjectError` for a flow, a step or parameters that do not exist or fit."""
        self._project = project
        self._name = name
        self._given = given
        self._resume = resume
        self._engine = engine
        self._as_json = as_json
        self._flow = find("flow", name, project.load_flows(), listing="./main flows list")
        if resume and any(part.values()):
            raise ProjectError(
                "--resume goes on with the steps of that run",
                hint="leave the options that choose steps out",
            )
        try:
            steps = selected_steps(self._flow.plan, **part)
        except LookupError as error:
            raise ProjectError(
                str(error.args[0]), hint=f"see `./main flows show {name}`"
            ) from error
        if not steps:
            raise ProjectError(
                "no step of the flow fits all these options", hint=f"see `./main flows show {name}`"
            )
        self._plan = part_of(self._flow.plan, steps)

    def show(self) -> None:
        """Show which steps would run, and with what; raise where what is given does not fit."""
        if self._given is not None:
            self._call(self._project.load_runtime())
        plan = self._plan
        if self._as_json:
            from pulpo_base.serialisation import to_plain

            write_json(to_plain(plan))
            return
        _show_part(plan)

    def run(self) -> None:
        """Run the flow and show its results. Raises `ProjectError` where it fails."""
        runtime = self._project.load_runtime()
        # Before a database is started for it.
        call = None if self._resume else self._call(runtime)
        outcome = _Outcome()

        async def work(database: Database | None) -> FlowCall:
            if database is None:
                return await self._run_alone(runtime, call, outcome)
            return await self._run_recorded(runtime, call, outcome, database)

        done = run_connected(self._project, work)
        if outcome.record is not None:
            show_record(outcome.record, as_json=self._as_json)
        elif isinstance(outcome.end, FlowRun):
            results = done.results(runtime, outcome.end)
            show_results(outcome.run, outcome.end, results, as_json=self._as_json)
        elif outcome.end is None:
            raise ProjectError(
                f"flow {self._name} was cancelled",
                hint=resume_hint(self._name, outcome.run),
                exit_code=EXIT_INTERRUPTED,
            )
        else:
            raise failed(self._project, runtime, outcome.run, outcome.end, as_json=self._as_json)

    async def _run_recorded(
        self, runtime: FlowRuntime, call: FlowCall | None, outcome: _Outcome, database: Database
    ) -> FlowCall:
        from pulpo_base.flows.dispatch import EngineUnavailableError, begin_flow
        from pulpo_base.project.flow_following import follow
        from pulpo_base.runs.records import AlreadyResumedError, RunTooLargeError
        from pulpo_base.runs.working import background_runs

        def ended(end: FlowRun | FlowError) -> None:
            outcome.end = end

        log_in_lines()
        async with background_runs(database, runtime.problem) as runs:
            if call is None:
                call = await self._resumed(runtime, database)
            with flow_progress(call.plan) as tell:
                try:
                    record = await begin_flow(
                        runs, runtime, call, engine=self._engine, on_event=tell, on_end=ended
                    )
                except EngineUnavailableError as error:
                    raise ProjectError(str(error), hint="or leave --engine out") from error
                except AlreadyResumedError as error:
                    hint = f"see `./main flows runs {self._name}`"
                    raise ProjectError(str(error), hint=hint) from error
                except RunTooLargeError as error:
                    raise ProjectError(f"flow {self._name} does not run: {error}") from error
                outcome.run = record["_id"]
                if record["engine"] == "prefect":
                    outcome.record = await follow(runs, record, tell)
                    return call
                try:
                    await runs.ended(outcome.run)
                except asyncio.CancelledError:
                    await runs.cancel(outcome.run)
                    raise
        return call

    async def _run_alone(
        self, runtime: FlowRuntime, call: FlowCall | None, outcome: _Outcome
    ) -> FlowCall:
        """Run a flow of a project without a database: nothing is kept of it."""
        if call is None:
            raise ProjectError(
                "this project has no database to keep runs in, so none can be resumed",
                hint="declare a model, or run the flow anew",
            )
        with flow_progress(call.plan) as tell:
            try:
                outcome.end = await run_call(runtime, call, on_event=tell)
            except FlowError as error:
                outcome.end = error
        return call

    async def _resumed(self, runtime: FlowRuntime, database: Database) -> FlowCall:
        from pydantic import ValidationError

        from pulpo_base.runs.records import RunRecords

        records = RunRecords(database, "", 0)
        if self._resume == _LAST:
            found = await records.listed({"flow": self._name}, limit=1)
            record = found[0] if found else None
        else:
            record = await records.find(self._resume)
        hint = f"see `./main flows runs {self._name}`"
        if record is None or record.get("flow") != self._name:
            raise ProjectError(f"flow {self._name} has no run {self._resume!r}", hint=hint)
        if record["state"] == "running":
            raise ProjectError(f"run {record['_id']} is still going on", hint=hint)
        try:
            return resumed_call(runtime, record, self._given)
        except LookupError as error:
            raise ProjectError(str(error.args[0]), hint="run the flow anew") from error
        except ValidationError as error:
            raise _invalid(self._name, findings(error)) from error

    def _call(self, runtime: FlowRuntime) -> FlowCall:
        from pydantic import ValidationError

        model = part_parameters(self._flow, self._plan, runtime.operations)
        given = {} if self._given is None else self._given
        known = model.model_fields
        unknown = [key for key in given if key not in known] if isinstance(given, dict) else []
        problems = [
            f"{key}: there is no such parameter; {did_you_mean(key, known) or 'leave it out'}"
            for key in unknown
        ]
        if isinstance(given, dict):
            given = {key: value for key, value in given.items() if key in known}
        try:
            parameters = model.model_validate(given)
        except ValidationError as error:
            problems.extend(findings(error))
        if problems:
            raise _invalid(self._name, problems)
        return FlowCall(self._name, self._plan, parameters)


def _show_part(plan: FlowPlan) -> None:
    levels: dict[str, int] = {}
    for step in plan.steps:
        levels[step.operation] = max((levels[name] + 1 for name in step.after), default=1)
    parameters = [
        (
            one.name,
            str(one.type),
            "(required)" if one.required else one.default or "(the operation's)",
        )
        for one in plan.parameters
    ]
    table(("parameter", "type", "default"), parameters, title=f"{plan.name}: nothing is run")
    rows = [
        (
            str(levels[step.operation]),
            step.operation,
            "" if step.stage is None else str(step.stage),
            ", ".join(f"{binding.field} ← {binding}" for binding in step.bindings),
        )
        for step in sorted(plan.steps, key=lambda one: levels[one.operation])
    ]
    table(("turn", "step", "stage", "takes"), rows, title="Steps of one turn run at the same time")


def _invalid(name: str, problems: list[str]) -> ProjectError:
    return ProjectError(
        f"the input of flow {name} is not valid",
        details=list(dict.fromkeys(problems)),
        hint=f"see `./main flows show {name}`, or add --dry-run for what a part takes",
    )
