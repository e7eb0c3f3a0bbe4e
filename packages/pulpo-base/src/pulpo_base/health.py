"""Whether an HTTP service is well: asked by `./main` while it starts one, and inside containers.

`python -m pulpo_base.health URL` is the health check of the generated images: it ends with 1 where
`URL` does not answer with success, and says why. It needs the standard library alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

__all__ = ["SUCCESS", "get", "main", "probe_http"]

SUCCESS = range(200, 300)
_TIMEOUT = 3.0


def main(arguments: Sequence[str]) -> int:
    """Ask the URL that is the only argument; return 0 where it is well, 1 where it is not."""
    (url,) = arguments
    if problem := probe_http(url, timeout=_TIMEOUT):
        print(problem)  # noqa: T201 - engines keep what a health check says
    return 1 if problem else 0


def probe_http(url: str, *, timeout: float = 2.0) -> str:
    """Return why `url` does not answer with success within `timeout` seconds, empty if it does."""
    try:
        status, _ = get(url, "*/*", timeout)
    except TimeoutError:
        return f"no answer within {timeout:g} s from {url}"
    except (OSError, HTTPException) as error:
        return f"no answer from {url} ({error})"
    return "" if status in SUCCESS else f"{url} answers {status}"


def get(url: str, accept: str, timeout: float) -> tuple[int, str]:
    """Return the status and the content type of the answer.

    Raises `OSError` (`TimeoutError` after `timeout` seconds) or `HTTPException` where none comes.
    """
    parts = urlsplit(url)
    # The standard library's client: no proxy from the environment, no TLS to set up, and asked
    # many times a second while a service starts.
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)) as connection:
        connection.request("GET", parts.path or "/", headers={"Accept": accept})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("content-type", "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
