"""Where a run of a flow is worked on: by a worker of Prefect where one takes runs, else here."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.keeping import kept_text
from pulpo_base.flows.starting import start_flow
from pulpo_base.runs.prefect_api import RESUMES, PrefectApi, PrefectUnreachableError
from pulpo_base.runs.records import WAITING
from pulpo_base.runs.servers import PrefectServer, prefect_server
from pulpo_base.runs.working import Engine, Work

if TYPE_CHECKING:
    from pulpo_base.flows.run import FlowError, FlowRun, StepEvent
    from pulpo_base.flows.running import FlowCall
    from pulpo_base.flows.runtime import FlowRuntime
    from pulpo_base.runs.records import Record
    from pulpo_base.runs.working import Runs

__all__ = [
    "Engine",
    "EngineUnavailableError",
    "begin_flow",
    "begin_operation",
    "cancelled",
    "settled",
]

_log = logging.getLogger(__name__)

#: Seconds within which Prefect answers what became of a run, or what is known is told.
_PATIENCE = 3.0
#: A process that was silent for longer may be dead.
_SILENCE = dt.timedelta(seconds=5)
#: Prefect's state types in which nothing more happens, and what they are called here.
_ENDED = {
    "COMPLETED": "succeeded",
    "FAILED": "failed",
    "CRASHED": "failed",
    "CANCELLED": "cancelled",
}


class EngineUnavailableError(Exception):
    """A run was to go to Prefect, and cannot.

    `may_run` says that it may have begun there all the same: it is begun nowhere else then.
    `is_lost` says that it was meant for a server that is known, which somebody should see to.
    """

    def __init__(self, message: str, *, may_run: bool = False, is_lost: bool = False) -> None:
        """`message` is for the operator."""
        super().__init__(message)
        self.may_run = may_run
        self.is_lost = is_lost

    @property
    def level(self) -> int:
        """The level at which it is logged that the run stays in this process."""
        return logging.WARNING if self.is_lost else logging.DEBUG


async def begin_flow(
    runs: Runs,
    runtime: FlowRuntime,
    call: FlowCall,
    owner: str = "",
    *,
    engine: Engine = "auto",
    on_event: Callable[[StepEvent], None] | None = None,
    on_end: Callable[[FlowRun | FlowError], None] | None = None,
) -> Record:
    """Begin a run of a flow and return its record.

    With the engine `auto` it goes to Prefect where the flow was deployed and a worker takes runs
    at this moment; a part of a flow, and parameters that hold secrets, stay in this process. One
    that went there and cannot be written down is cancelled there.
    Raises `EngineUnavailableError` where it has to go to Prefect and cannot, or may have gone there
    unheard, `AlreadyResumedError`, `RunTooLargeError` for parameters that no run can keep, and
    PyMongo's errors.
    """
    if engine != "local":
        try:
            return await _flow_handed_over(runs, runtime, call, owner)
        except EngineUnavailableError as error:
            if engine == "prefect" or error.may_run:
                raise
            _log.log(error.level, "flow %s runs in this process: %s", call.flow, error)
    return await start_flow(runs, runtime, call, owner, on_event=on_event, on_end=on_end)


async def begin_operation(
    runs: Runs,
    name: str,
    given: Mapping[str, tuple[Any, Any]] | None,
    work: Work,
    owner: str = "",
) -> Record:
    """Begin a run of an operation where the engine of `runs` says, and return its record.

    `given` are type and value of what it takes, by parameter, or `None` where it has to stay in
    this process; `work` does it here. Input that holds secrets stays here, too. Raises
    `EngineUnavailableError` as `begin_flow`.
    """
    if runs.engine != "local":
        try:
            facts = {"operation": name, "engine": "prefect"}
            return await _handed_over(runs, name, _parameters(given), owner, facts)
        except EngineUnavailableError as error:
            if runs.engine == "prefect" or error.may_run:
                raise
            _log.log(error.level, "operation %s runs in this process: %s", name, error)
    return await runs.start(name, work, owner)


def _parameters(given: Mapping[str, tuple[Any, Any]] | None) -> dict[str, Any]:
    """Return what an operation takes as Prefect is told it."""
    if given is None:
        raise EngineUnavailableError("it was called with what has no name")
    texts = {key: kept_text(*one, exclude_unset=True) for key, one in given.items()}
    if None in texts.values():
        raise EngineUnavailableError("its input holds secrets, which Prefect would store")
    return {key: json.loads(text or "null") for key, text in texts.items()}


async def _flow_handed_over(runs: Runs, runtime: FlowRuntime, call: FlowCall, owner: str) -> Record:
    if call.plan is not runtime.flows[call.flow].plan:
        raise EngineUnavailableError("Prefect runs whole flows; a part runs on the local engine")
    facts = call.facts(runtime, engine="prefect")
    if facts["given"] is None:
        raise EngineUnavailableError("the parameters hold secrets, which Prefect would store")
    parameters = call.parameters.model_dump(mode="json", exclude_unset=True)
    tags = [f"{RESUMES}{call.root}"] if call.root else []
    return await _handed_over(runs, call.flow, parameters, owner, facts, tags)


async def _handed_over(
    runs: Runs,
    name: str,
    parameters: Mapping[str, Any],
    owner: str,
    facts: Mapping[str, Any],
    tags: Sequence[str] = (),
) -> Record:
    """Begin a run of what was deployed under that name, and write down that it was begun."""
    server = await prefect_server(runs.database)
    if server is None:
        raise EngineUnavailableError("the flows were not deployed: run `./main flows deploy`")
    try:
        async with PrefectApi(server.url) as api:
            if not await api.takes_runs(server.pool):
                raise EngineUnavailableError(
                    f"no worker of Prefect at {server.url} takes runs of the pool {server.pool!r}",
                    is_lost=True,
                )
            deployment = await api.deployment(name, server.pool)
            if deployment is None:
                raise EngineUnavailableError(
                    f"{name!r} was not deployed: run `./main flows deploy`", is_lost=True
                )
            try:
                run = await api.begin(deployment, parameters, tags)
            except PrefectUnreachableError as error:
                raise EngineUnavailableError(
                    str(error), may_run=error.may_have_heard, is_lost=True
                ) from error
            try:
                return await runs.records.announce(run, owner, **facts)
            except Exception as error:
                # Nobody would know of it, and whoever is told of the error may ask again.
                await _take_back(api, run, error)
                raise
    except PrefectUnreachableError as error:
        raise EngineUnavailableError(str(error), is_lost=True) from error


async def _take_back(api: PrefectApi, run: str, why: Exception) -> None:
    """Cancel a run that Prefect took and that could not be written down."""
    try:
        await api.cancel(run)
    except PrefectUnreachableError as error:
        raise EngineUnavailableError(
            f"it was begun as {run} and could not be cancelled ({error}), although {why}",
            may_run=True,
            is_lost=True,
        ) from why


async def cancelled(runs: Runs, record: Record) -> Record:
    """Stop a run, wherever it is worked on, and return its record."""
    found = await runs.cancel(record["_id"])
    server = await _server_of(runs, record)
    if server is not None and found is not None and found["state"] == "running":
        try:
            async with PrefectApi(server.url, patience=_PATIENCE) as api:
                await api.cancel(record["_id"])
        except PrefectUnreachableError as error:
            # The process that works on it hears of it from the database all the same.
            _log.warning("run %s: %s", record["_id"], error)
        found = await settled(runs, found)
    return found or record


async def settled(runs: Runs, record: Record) -> Record:
    """Return a run of Prefect's as it is, where it ended without saying so.

    One that never began, that Prefect has forgotten, or whose process died, has nobody that writes
    down its end. Where Prefect does not answer, the run stays as it is.
    """
    if record["state"] != "running" or _is_alive(record):
        return record
    server = await _server_of(runs, record)
    if server is None:
        return record
    try:
        async with PrefectApi(server.url, patience=_PATIENCE) as api:
            known = await api.state_of(record["_id"])
    except PrefectUnreachableError as error:
        _log.warning("run %s: %s", record["_id"], error)
        return record
    if known is None:
        return await runs.records.forgotten(record) or record
    state = _ENDED.get(known)
    if state is None or state == "succeeded":
        return record  # it says so itself, with its result
    return await runs.records.settle(record["_id"], state) or record


def _is_alive(record: Record) -> bool:
    """Return whether a process said a moment ago that it works on a run."""
    age: dt.timedelta = dt.datetime.now(dt.UTC) - record["alive_at"]
    return record["worker"] != WAITING and age < _SILENCE


async def _server_of(runs: Runs, record: Record) -> PrefectServer | None:
    return await prefect_server(runs.database) if record.get("engine") == "prefect" else None
