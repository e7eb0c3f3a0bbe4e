"""What raising, converting and retrying cost, next to bare Python and to other libraries.

    pip install 'pulpo-utils[retry]' tenacity stamina google-api-core
    python benchmarks/utils/bench_errors.py [--json]

All subjects run in one process, in turns, so that what disturbs one disturbs all; the figure is the
best of the rounds. A library that is not installed is left out and named.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pulpo_utils.exceptions import (
    ProcessingError,
    ScrapingError,
    ValidationError,
    handle_errors,
    retry_on_error,
)


def optional(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


tenacity, stamina = optional("tenacity"), optional("stamina")
google_retry = optional("google.api_core.retry")

Subjects = dict[str, Callable[[], object]]


class PlainError(Exception):
    """What bare Python would use."""


def work() -> int:
    return 1


def fail() -> None:
    raise ValueError("no")


def raising() -> Subjects:
    def bare() -> None:
        try:
            raise PlainError("it failed")  # noqa: TRY301 - this is what is measured
        except PlainError:
            pass

    def with_details() -> None:
        try:
            raise ScrapingError("it failed", {"row": 1})  # noqa: TRY301
        except ScrapingError:
            pass

    def ours() -> None:
        try:
            raise ScrapingError("it failed")  # noqa: TRY301
        except ScrapingError:
            pass

    return {"bare Python": bare, "pulpo-utils": ours, "pulpo-utils, details": with_details}


def converting() -> Subjects:
    def bare() -> None:
        try:
            try:
                fail()
            except ValueError as error:
                raise PlainError(str(error)) from error
        except PlainError:
            pass

    handler = handle_errors(ValueError, reraise_as=ValidationError)

    def ours() -> None:
        try:
            with handler:
                fail()
        except ValidationError:
            pass

    decorated = handle_errors(ValueError, reraise_as=ProcessingError)(fail)

    def as_decorator() -> None:
        try:  # noqa: SIM105 - `suppress` would be measured too
            decorated()
        except ProcessingError:
            pass

    return {"bare Python": bare, "pulpo-utils, with": ours, "pulpo-utils, @": as_decorator}


def passing() -> Subjects:
    def bare() -> int:
        try:
            return work()
        except ValueError as error:
            raise PlainError(str(error)) from error

    def ours() -> int:
        with handle_errors(ValueError, reraise_as=ValidationError):
            return work()

    decorated = handle_errors(ValueError, reraise_as=ValidationError)(work)
    return {"bare Python": bare, "pulpo-utils, with": ours, "pulpo-utils, @": decorated}


def retrying() -> Subjects:
    def bare() -> int:
        for _ in range(4):
            try:
                return work()
            except ConnectionError:
                time.sleep(0.1)
        raise PlainError

    return {"bare Python": bare} | {name: retry(work) for name, retry in decorators().items()}


def retrying_async() -> Subjects:
    """Return subjects that drive a coroutine which never waits, without a loop in between."""

    async def work_async() -> int:
        return 1

    def driven(function: Callable[[], Any]) -> Callable[[], object]:
        def call() -> object:
            try:
                function().send(None)
            except StopIteration as stop:
                return stop.value
            raise RuntimeError("the coroutine waited")

        return call

    found = decorators(is_async=True)
    return {"bare Python": driven(work_async)} | {
        name: driven(retry(work_async)) for name, retry in found.items()
    }


def decorators(*, is_async: bool = False) -> dict[str, Callable[[Any], Any]]:
    """Return the decorators of all libraries that are installed: on ConnectionError, 4 attempts."""
    found: dict[str, Callable[[Any], Any]] = {
        "pulpo-utils": retry_on_error(ConnectionError, max_retries=3)
    }
    if tenacity is not None:
        found["tenacity"] = tenacity.retry(
            retry=tenacity.retry_if_exception_type(ConnectionError),
            stop=tenacity.stop_after_attempt(4),
        )
    if stamina is not None:
        found["stamina"] = stamina.retry(on=ConnectionError, attempts=4)
    if google_retry is not None:
        kind = google_retry.AsyncRetry if is_async else google_retry.Retry
        found["google-api-core"] = kind(predicate=google_retry.if_exception_type(ConnectionError))
    return found


def recovering() -> Subjects:
    """One failure, no wait, then success: what the engine itself costs."""
    failures = [True]

    def flaky() -> int:
        failures[0] = not failures[0]
        if not failures[0]:
            raise ConnectionError("refused")
        return 1

    subjects: Subjects = {
        "pulpo-utils": retry_on_error(ConnectionError, delay=0, sleep=lambda _: None)(flaky)
    }
    if tenacity is None:
        return subjects
    retry = tenacity.retry(
        retry=tenacity.retry_if_exception_type(ConnectionError),
        stop=tenacity.stop_after_attempt(4),
        sleep=lambda _: None,
        reraise=True,
    )
    subjects["tenacity"] = retry(flaky)
    return subjects


def measure(subjects: Subjects, rounds: int = 15, seconds: float = 0.02) -> dict[str, float]:
    """Nanoseconds per call, the best of `rounds` turns of about `seconds` each."""
    numbers = {}
    for name, subject in subjects.items():
        subject()
        started = time.perf_counter()
        for _ in range(200):
            subject()
        numbers[name] = max(200, int(seconds / ((time.perf_counter() - started) / 200)))
    best = dict.fromkeys(subjects, float("inf"))
    gc.disable()
    for _ in range(rounds):
        for name, subject in subjects.items():
            repeat = range(numbers[name])
            started = time.perf_counter_ns()
            for _ in repeat:
                subject()
            best[name] = min(best[name], (time.perf_counter_ns() - started) / numbers[name])
        gc.collect()
    gc.enable()
    return best


def versions() -> dict[str, str]:
    found = {}
    for name in ("pulpo-utils", "tenacity", "stamina", "google-api-core"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked = parser.parse_args()
    cases = {
        "raise and catch": raising(),
        "handle_errors, an error converted": converting(),
        "handle_errors, nothing happens": passing(),
        "retry, success at once": retrying(),
        "retry of async, success at once": retrying_async(),
        "retry, one failure, no wait": recovering(),
    }
    figures = {title: measure(subjects) for title, subjects in cases.items()}
    if asked.json:
        print(json.dumps({"ns_per_call": figures, "versions": versions()}, indent=2))
        return
    print(f"Python {platform.python_version()}, {versions()}, best of 15 rounds")
    for title, results in figures.items():
        print(f"\n{title}")
        for name, nanoseconds in results.items():
            print(f"  {name:<22}{nanoseconds:>10,.0f} ns")
    named = {"tenacity": tenacity, "stamina": stamina, "google-api-core": google_retry}
    missing = [name for name, module in named.items() if module is None]
    if missing:
        print(f"\nnot installed, left out: {', '.join(missing)}", file=sys.stderr)


if __name__ == "__main__":
    main()
