"""A Prefect server over HTTP: runs of flows begun and cancelled without importing Prefect.

Importing Prefect costs a second and forty megabytes, too much for a command or an API process
that only wants to hand a run on. Needs httpx, which Prefect and the extra `project` bring. A
protected server is told what Prefect's own client tells: `PREFECT_API_AUTH_STRING`, or else
`PREFECT_API_KEY`.
"""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    import httpx

__all__ = ["RESUMES", "PrefectApi", "PrefectUnreachableError"]

#: Begins the tag of a run that resumes another, whose id follows.
RESUMES: Final = "resumes:"

#: Prefect's state types of what has not ended.
_GOES_ON: Final = frozenset({"SCHEDULED", "PENDING", "RUNNING", "CANCELLING", "PAUSED"})
_NOT_FOUND: Final = 404
_UNAVAILABLE: Final = 503
_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)


class PrefectUnreachableError(Exception):
    """The server does not answer, or not as Prefect does.

    `may_have_heard` says whether the request may have reached it all the same.
    """

    def __init__(self, message: str, *, may_have_heard: bool = True) -> None:
        """`message` says which server, and what went wrong."""
        super().__init__(message)
        self.may_have_heard = may_have_heard


class PrefectApi:
    """One server's API, at a URL that ends with `/api`; used as an asynchronous context."""

    def __init__(self, url: str, *, patience: float = 5.0) -> None:
        """Speak to the server at `url`; nothing is asked yet.

        Each question is answered within `patience` seconds, or not at all.
        """
        self.url = url.rstrip("/")
        self._patience = patience
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        import httpx

        from pulpo_base.addresses import is_loopback

        # A proxy is of no use on the way to this machine, and the server is configured by URL.
        through_proxy = not is_loopback(httpx.URL(self.url).host)
        self._client = httpx.AsyncClient(
            base_url=f"{self.url}/",
            timeout=self._patience,
            trust_env=through_proxy,
            headers=_credentials(),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def takes_runs(self, pool: str) -> bool:
        """Return whether a worker takes runs of this work pool now."""
        found = await self._get(f"work_pools/{pool}")
        return found is not None and found.get("status") == "READY" and not found["is_paused"]

    async def deployment(self, flow: str, pool: str) -> str | None:
        """Return the id of the flow's deployment of that pool, `None` where there is none."""
        found = await self._get(f"deployments/name/{flow}/{pool}")
        return None if found is None else str(found["id"])

    async def begin(
        self, deployment: str, parameters: Mapping[str, Any], tags: Sequence[str] = ()
    ) -> str:
        """Begin a run of a deployment, with these tags besides its own, and return its id."""
        body = {
            "parameters": dict(parameters),
            "tags": list(tags),
            "state": {"type": "SCHEDULED"},
            # A request that is made again, because its answer was lost, begins no second run.
            "idempotency_key": secrets.token_hex(16),
        }
        made = await self._request("POST", f"deployments/{deployment}/create_flow_run", body)
        if made is None:
            raise self._gone(deployment)
        return str(made["id"])

    async def state_of(self, run: str) -> str | None:
        """Return Prefect's state type of a run, such as `RUNNING`, `None` for an unknown run."""
        found = await self._get(f"flow_runs/{run}")
        if found is not None:
            return str(found["state_type"])
        # Anything else at that address knows no run either.
        if await self._get("health") is not True:
            raise self._stranger()
        return None

    async def unknown(self, runs: Collection[str]) -> set[str]:
        """Return those of at most two hundred runs that Prefect does not know."""
        which = {"flow_runs": {"id": {"any_": sorted(runs)}}}
        found = await self._request("POST", "flow_runs/filter", which)
        if found is None:
            raise self._stranger()
        return set(runs) - {str(run["id"]) for run in found}

    async def cancel(self, run: str) -> None:
        """Ask Prefect to stop a run; a worker ends its process. An unknown one is left alone."""
        state = await self.state_of(run)
        if state is None:
            return
        kind = "CANCELLED" if state in {"SCHEDULED", "PENDING", "PAUSED"} else "CANCELLING"
        body = {"state": {"type": kind, "name": kind.capitalize()}}
        await self._request("POST", f"flow_runs/{run}/set_state", body)

    async def lost(self, run: str, *, was_cancelled: bool) -> None:
        """Say how a run ended whose process died before it could: it crashed, or was cancelled.

        The same holds for its tasks. One that has ended for Prefect is left alone.
        """
        kind = "CANCELLED" if was_cancelled else "CRASHED"
        message = "The process that ran it ended before it did."
        body = {"state": {"type": kind, "name": kind.capitalize(), "message": message}}
        if await self.state_of(run) in _GOES_ON:
            await self._request("POST", f"flow_runs/{run}/set_state", body)
        which = {
            "flow_runs": {"id": {"any_": [run]}},
            "task_runs": {"state": {"type": {"any_": sorted(_GOES_ON)}}},
        }
        told: set[str] = set()
        # An answer has two hundred tasks at the most; those that were told of leave the next.
        while waiting := await self._tasks(which) - told:
            for task in sorted(waiting):
                await self._request("POST", f"task_runs/{task}/set_state", body)
            told |= waiting

    async def _tasks(self, which: Mapping[str, Any]) -> set[str]:
        """Return ids of task runs that meet the conditions: as many as the server tells at once."""
        found = await self._request("POST", "task_runs/filter", which)
        return {str(task["id"]) for task in found or ()}

    async def schedule_of(self, deployment: str) -> dict[str, Any]:
        """Return whether runs of a deployment begin by schedule (`active`), and when `next`."""
        found = await self._get(f"deployments/{deployment}")
        if found is None:
            raise self._gone(deployment)
        waiting = await self._request(
            "POST",
            "flow_runs/filter",
            {
                "flow_runs": {
                    "deployment_id": {"any_": [deployment]},
                    "state": {"type": {"any_": ["SCHEDULED"]}},
                },
                "sort": "EXPECTED_START_TIME_ASC",
                "limit": 1,
            },
        )
        active = not found["paused"] and any(one["active"] for one in found["schedules"])
        return {"active": active, "next": waiting[0]["expected_start_time"] if waiting else None}

    async def switch_schedule(self, deployment: str, *, active: bool) -> None:
        """Let runs of a deployment begin by schedule, or not."""
        what = "resume" if active else "pause"
        await self._request("POST", f"deployments/{deployment}/{what}_deployment", {})

    def _gone(self, deployment: str) -> PrefectUnreachableError:
        return PrefectUnreachableError(
            f"Prefect at {self.url} knows no deployment {deployment}: run `./main flows deploy`",
            may_have_heard=False,
        )

    def _stranger(self) -> PrefectUnreachableError:
        return PrefectUnreachableError(f"{self.url} answers, and not as Prefect does")

    async def _get(self, path: str) -> Any:
        return await self._request("GET", path, None)

    async def _request(self, method: str, path: str, body: Any) -> Any:
        import httpx

        if self._client is None:
            raise RuntimeError("use PrefectApi as an asynchronous context")
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._answer(self._client, method, path, body)
            if answer.status_code == _NOT_FOUND:
                return None
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            what = str(error) or f"no answer within {self._patience:g} s"
            unheard = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            if isinstance(error, httpx.HTTPStatusError):
                unheard = error.response.is_client_error  # it says that nothing was done
            raise PrefectUnreachableError(
                f"Prefect at {self.url}: {what}", may_have_heard=not unheard
            ) from error

    @staticmethod
    async def _answer(
        client: httpx.AsyncClient, method: str, path: str, body: Any
    ) -> httpx.Response:
        answer = await client.request(method, path, json=body)
        for pause in _PAUSES:
            if answer.status_code != _UNAVAILABLE:
                break
            # Its database, SQLite by default, was locked by another request.
            await asyncio.sleep(pause)
            answer = await client.request(method, path, json=body)
        return answer


def _credentials() -> dict[str, str]:
    """Return the header that Prefect's own client would send."""
    if user_and_password := os.environ.get("PREFECT_API_AUTH_STRING"):
        encoded = base64.b64encode(user_and_password.encode()).decode()
        return {"Authorization": f"Basic {encoded}"}
    if key := os.environ.get("PREFECT_API_KEY"):
        return {"Authorization": f"Bearer {key}"}
    return {}
