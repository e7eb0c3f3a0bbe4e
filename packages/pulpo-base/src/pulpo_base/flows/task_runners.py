"""Where the operations of flows on Prefect run: in the flow's process, or on a cluster.

The cluster is that of the flow's Prefect task runner (`prefect-dask`, `prefect-ray`). Prefect's
task stays beside its flow, with its tries, timeout and record; the operation itself is what is
sent. Prefect's own way, to send the task, would give each an event loop that ends with it, to which
no connection of the database can be bound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pulpo_base.extras import needs_extra
from pulpo_base.flows.remote import perform

if TYPE_CHECKING:
    from prefect.task_runners import TaskRunner

__all__ = ["WorkerLostError", "performer", "task_runner"]

Perform = Callable[..., Any]


class WorkerLostError(ConnectionError):
    """The process of a cluster ended while it ran an operation."""


def task_runner(kind: str, options: Mapping[str, Any]) -> TaskRunner[Any]:
    """Return the Prefect task runner of that kind: `threads`, `dask` or `ray`.

    `threads` is the flow's own process: its event loop, and threads for synchronous operations.
    `options` are those of Prefect's class, such as `address`. Raises `ModuleNotFoundError` that
    names the extra to install, and `ValueError` for options that the class does not take.
    """
    try:
        match kind:
            case "dask":
                from prefect_dask.task_runners import DaskTaskRunner

                given = dict(options)
                if not given.keys() & {"address", "cluster_class"}:
                    given["cluster_kwargs"] = _local_dask(given.get("cluster_kwargs", {}))
                runner: TaskRunner[Any] = DaskTaskRunner(**given)
            case "ray":
                import ray  # noqa: F401 - prefect-ray would miss it when the flow runs
                from prefect_ray.task_runners import RayTaskRunner

                runner = RayTaskRunner(**options)
            case "threads":
                from prefect.task_runners import ThreadPoolTaskRunner

                runner = ThreadPoolTaskRunner(**options)
            case _:
                raise ValueError(f"no task runner {kind!r}: choose threads, dask or ray")
    except ModuleNotFoundError as error:
        raise needs_extra(f"flows,{kind}", error) from error
    except TypeError as error:
        raise ValueError(f"flows.task_runner_options of {kind!r}: {error}") from error
    return runner


def performer(runner: TaskRunner[Any]) -> Perform | None:
    """Return what calls `perform` on the runner's cluster; `None` where it has none."""
    module = type(runner).__module__.partition(".")[0]
    if module == "prefect_dask":
        return lambda *arguments: _on_dask(runner, *arguments)
    if module == "prefect_ray":
        return _on_ray
    return None


def _local_dask(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a cluster that Dask starts for one run.

    It is of this machine alone, and an operation whose process died is left to its own `retries`.
    """
    host = {} if given.get("processes") is False else {"host": "127.0.0.1"}
    scheduler = {"allowed_failures": 0, **given.get("scheduler_kwargs", {})}
    page = {"dashboard_address": "127.0.0.1:0"}
    return {**host, **page, **given, "scheduler_kwargs": scheduler}


async def _on_dask(runner: Any, *arguments: Any) -> Any:
    from distributed import KilledWorker

    loop = asyncio.get_running_loop()
    # Where the cluster is the run's own, the first call starts it.
    client = await asyncio.to_thread(lambda: runner.client)
    future = client.submit(perform, *arguments, pure=False)
    done = loop.create_future()
    future.add_done_callback(lambda _: loop.call_soon_threadsafe(_done, done))
    try:
        await done
    except asyncio.CancelledError:
        # One that has begun goes on to its end: nothing stops a thread.
        await asyncio.to_thread(future.cancel)
        raise
    try:
        return await asyncio.to_thread(future.result)
    except KilledWorker as error:
        raise WorkerLostError("the worker of Dask that ran the operation ended") from error


async def _on_ray(*arguments: Any) -> Any:
    import ray

    reference = ray.remote(max_retries=0)(perform).remote(*arguments)
    try:
        return await reference
    except asyncio.CancelledError:
        ray.cancel(reference)
        raise
    except ray.exceptions.RayTaskError as error:
        raise (error.cause if isinstance(error.cause, Exception) else error) from None
    except ray.exceptions.WorkerCrashedError as error:
        raise WorkerLostError("the worker of Ray that ran the operation ended") from error


def _done(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
