from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pulpo_selfaware.histogram import BUCKET_COUNT, bucket_end, bucket_of, bucket_value, quantile

durations = st.floats(min_value=0, max_value=100_000, allow_nan=False)


@given(durations)
def test_a_value_is_within_its_bucket(seconds: float) -> None:
    index = bucket_of(seconds)
    assert 0 <= index < BUCKET_COUNT
    us = int(seconds * 1_000_000)
    if us < 1 << 36:
        assert us < round(bucket_end(index) * 1_000_000)
        assert abs(bucket_value(index) * 1_000_000 - us) <= us / 32 + 0.5


@given(durations, durations)
def test_buckets_keep_the_order(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert bucket_of(low) <= bucket_of(high)


def test_the_extremes_have_buckets() -> None:
    assert bucket_of(-1.0) == 0
    assert bucket_of(1e12) == BUCKET_COUNT - 1


def test_buckets_touch() -> None:
    ends = [round(bucket_end(index) * 1e6) for index in range(BUCKET_COUNT)]
    assert ends == sorted(set(ends))
    for end in ends[:-1]:
        assert bucket_of(end / 1e6 + 1e-9) == ends.index(end) + 1


@given(
    st.lists(st.floats(min_value=0.0001, max_value=1000), min_size=1, max_size=200),
    st.sampled_from([0.5, 0.95, 0.99]),
)
def test_quantiles_are_within_a_bucket_of_the_exact_ones(values: list[float], q: float) -> None:
    counts = [0] * BUCKET_COUNT
    for value in values:
        counts[bucket_of(value)] += 1
    rank = max(1, -int(-q * len(values) // 1))
    exact = sorted(values)[rank - 1]
    estimate = quantile(enumerate(counts), len(values), q)
    assert abs(estimate - exact) <= exact / 32 + 2e-6


def test_no_values_have_no_quantile() -> None:
    assert quantile([], 0, 0.5) == 0.0
