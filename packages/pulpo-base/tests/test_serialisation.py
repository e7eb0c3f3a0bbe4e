"""Specs and plans survive JSON exactly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pulpo_base.flows import Binding, BindingSource, FlowPlan, FlowStep
from pulpo_base.serialisation import from_json, from_plain, to_json, to_plain
from pulpo_base.specs import (
    FieldSpec,
    IndexSpec,
    ModelSpec,
    OperationSpec,
    RelationSpec,
    SourceLocation,
    TypeKind,
    TypeRef,
)

_text = st.text(max_size=20)
_location = st.builds(SourceLocation, _text, st.integers(1, 9999), st.integers(1, 200))
_leaf = st.builds(
    TypeRef,
    st.sampled_from(TypeKind),
    _text,
    values=st.tuples() | st.tuples(st.none() | st.booleans() | st.integers() | _text),
)
_type = st.recursive(
    _leaf,
    lambda inner: st.builds(
        TypeRef, st.sampled_from(TypeKind), _text, args=st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=6,
)
_scalar = st.none() | st.booleans() | st.integers() | _text
_field = st.builds(
    FieldSpec,
    _text,
    _type,
    st.booleans(),
    st.none() | _text,
    constraints=st.lists(st.tuples(_text, _scalar), max_size=2).map(tuple),
    location=st.none() | _location,
)
_index = st.builds(
    IndexSpec,
    st.lists(st.tuples(_text, st.integers(-1, 1) | st.just("text")), max_size=2).map(tuple),
    st.booleans(),
    st.none() | _text,
)
_model = st.builds(
    ModelSpec,
    _text,
    _text,
    _text,
    _location,
    tags=st.lists(_text, max_size=2).map(tuple),
    ui=st.dictionaries(_text, _scalar, max_size=2),
    ui_order=st.none() | st.integers() | st.lists(_text, max_size=2).map(tuple),
    indexes=st.lists(_index, max_size=2).map(tuple),
    relations=st.lists(st.builds(RelationSpec, _text, _text), max_size=2).map(tuple),
    fields=st.lists(_field, max_size=2).map(tuple),
)
_operation = st.builds(
    OperationSpec,
    _text,
    _text,
    _text,
    _location,
    inputs=st.none() | _type,
    models_in=st.none() | st.lists(_text, max_size=2).map(tuple),
    stage=st.none() | st.integers() | _text,
    bind=st.lists(st.tuples(_text, _text), max_size=2).map(tuple),
    timeout=st.none() | st.floats(0.1, 100),
)
_plan = st.builds(
    FlowPlan,
    _text,
    st.lists(
        st.builds(
            FlowStep,
            _text,
            bindings=st.lists(
                st.builds(Binding, _text, st.sampled_from(BindingSource), _type), max_size=2
            ).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


@given(_model | _operation | _plan)
def test_json_round_trip_is_exact(value: Any) -> None:
    assert from_json(type(value), to_json(value)) == value
    assert from_plain(type(value), to_plain(value)) == value


def test_what_is_not_of_the_shape_is_refused() -> None:
    with pytest.raises(ValidationError):
        from_json(ModelSpec, '{"name": 1}')
