"""Task runners by name, and what becomes of errors on a cluster."""

from __future__ import annotations

import pytest

pytest.importorskip("prefect_dask", reason="Dask needs pulpo-base[dask]")

from pulpo_base.flows.remote import RemoteOperationError, _portable
from pulpo_base.flows.task_runners import performer, task_runner


def test_a_task_runner_is_chosen_by_name_and_refused_in_words() -> None:
    assert performer(task_runner("threads", {"max_workers": 2})) is None
    assert performer(task_runner("dask", {"address": "tcp://127.0.0.1:1"})) is not None
    with pytest.raises(ValueError, match=r"flows.task_runner_options of 'dask': .*adress"):
        task_runner("dask", {"adress": "tcp://127.0.0.1:1"})
    with pytest.raises(ValueError, match="no task runner 'celery': choose threads, dask or ray"):
        task_runner("celery", {})


def test_ray_says_what_to_install_where_it_is_missing() -> None:
    try:
        import ray  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(ModuleNotFoundError, match=r"pip install 'pulpo-base\[flows,ray\]'"):
            task_runner("ray", {})
    else:
        assert performer(task_runner("ray", {})) is not None


class _TwoWordsError(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def test_an_error_that_pickle_does_not_give_back_still_says_what_it_is() -> None:
    stands = _portable(_TwoWordsError("not", "today"))

    assert type(stands) is RemoteOperationError
    assert str(stands) == "_TwoWordsError: not today"
    known = ValueError("as it is")
    assert _portable(known) is known
