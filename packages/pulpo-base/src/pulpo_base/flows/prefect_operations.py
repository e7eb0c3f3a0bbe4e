"""Operations that were begun over the API and run on a worker of Prefect."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.prefect_records import alive, finish, run_stores
from pulpo_base.flows.runtime import FlowRuntime
from pulpo_base.invocation import invoke, output_type

if TYPE_CHECKING:
    from pulpo_base.runs.records import Database

__all__ = ["recorded_operation"]


async def recorded_operation(
    operation: Callable[..., Any],
    data: Any = None,
    *,
    name: str,
    runtime: FlowRuntime,
    database: Database,
    result: Callable[[Any, Any], str],
) -> Any:
    """Call an operation within a flow run of Prefect, whose record has the same id.

    `result(type, value)` writes what it returned as the API shows it. Raises what the operation
    raises.
    """
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError(f"operation {name!r} runs outside of Prefect")
    run = str(context.flow_run.id)
    records, _ = await run_stores(database)
    await records.add(name, "", name=run, engine="prefect")
    state, end = "failed", dict[str, Any]()
    try:
        async with alive(records, run):
            with runtime.around(name):
                output = await invoke(operation, data)
        end = {"result": result(output_type(operation), output)}
        state = "succeeded"
    except Exception as error:
        end = {"problem": dict(runtime.problem(error))}
        raise
    except BaseException:
        state = "cancelled"
        raise
    else:
        return output
    finally:
        await finish(records, run, state, end)
