"""Operations called on a running API, over HTTP."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from pulpo_base.project.errors import ProjectError
from pulpo_base.project.services import API
from pulpo_base.project.state import ServiceState

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

__all__ = ["call_remote", "remote_url"]

#: Where the API is, and the key or token to show it, where they are not in the project's state.
URL_VARIABLE = "PULPO_API_URL"
KEY_VARIABLE = "PULPO_API_KEY"
_SECONDS = 300.0
_POLL_SECONDS = 0.3
_ACCEPTED = 202


def remote_url(state_directory: Path) -> str:
    """Return the address of `PULPO_API_URL`, or of the API that `up` has started.

    Raises `ProjectError` where there is neither.
    """
    if given := os.environ.get(URL_VARIABLE, ""):
        return given.rstrip("/")
    record = ServiceState(state_directory).read().get(API)
    if record is None or not record.is_alive:
        raise ProjectError(
            "no API is running here",
            hint=f"start it with the command `up`, or set {URL_VARIABLE} to another's address",
        )
    return record.url.rstrip("/")


def call_remote(url: str, operation: str, data: Any) -> Any:
    """Return what the API at `url` answers; one that runs in the background is waited for.

    Raises `ProjectError` where the API does not answer or says no; it shows the problem's details.
    """
    import httpx

    from pulpo_base.addresses import is_loopback

    key = os.environ.get(KEY_VARIABLE, "")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        # A proxy is of no use on the way to this machine itself.
        through_proxy = not is_loopback(httpx.URL(url).host)
        with httpx.Client(
            base_url=url, timeout=_SECONDS, headers=headers, trust_env=through_proxy
        ) as client:
            answer = client.post(f"/api/operations/{operation}", json=data)
            if answer.status_code == _ACCEPTED and "location" in answer.headers:
                return _waited_for(client, operation, answer.headers["location"])
            return _result(operation, answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProjectError(
            f"{url} does not answer: {type(error).__name__}", hint="see `./main status`"
        ) from error


def _waited_for(client: httpx.Client, operation: str, location: str) -> Any:
    while True:
        run = _result(operation, client.get(location))
        if run["state"] != "running":
            break
        time.sleep(_POLL_SECONDS)
    if run["state"] != "succeeded":
        problem = run.get("problem") or {}
        why = problem.get("detail") or problem.get("title") or run["state"]
        raise ProjectError(f"operation {operation} failed: {why}", hint=problem.get("hint", ""))
    return run.get("result")


def _result(operation: str, answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    why = problem.get("detail") or problem.get("title") or answer.reason_phrase
    details = [
        f"{str(one.get('pointer', '')).strip('/') or 'input'}: {one.get('detail', '')}"
        for one in problem.get("errors", ())
    ]
    raise ProjectError(
        f"operation {operation}: {why} ({answer.status_code})",
        details=details,
        hint=problem.get("hint") or f"see `./main ops show {operation}`",
    )
