"""Diagrams hold whatever the user calls things."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulpo_analysis import AppSpec
from pulpo_analysis.graphs.build import build_graph
from pulpo_analysis.graphs.dot import to_dot
from pulpo_analysis.graphs.mermaid import flow_diagram, label, models_diagram, system_diagram
from pulpo_analysis.graphs.node_link import to_node_link
from pulpo_base.flows.plan import (
    Binding,
    BindingSource,
    EdgeReason,
    FlowEdge,
    FlowParameter,
    FlowPlan,
    FlowStep,
    OrderRule,
)
from pulpo_base.specs import (
    FieldSpec,
    ModelSpec,
    OperationSpec,
    RelationSpec,
    SourceLocation,
    TypeKind,
    TypeRef,
)

PLACE = SourceLocation("m.py")
HOSTILE = ['"]; end', "a\nb", "`md`", "<b>&amp;#quot;", "\\", "\\N", "end", "%%{init}%%", "ü変"]
STRING = r'"(?:[^"\\]|\\.)*"'


def _app(name: str) -> AppSpec:
    fields = (
        FieldSpec("id", TypeRef(TypeKind.SCALAR, "int")),
        FieldSpec("PK", TypeRef(TypeKind.LITERAL, values=(name,)), unique=True),
        FieldSpec("µ", TypeRef(TypeKind.LIST, args=(TypeRef(TypeKind.SCALAR, "str"),))),
    )
    model = ModelSpec(name, "m", "M", PLACE, fields=fields)
    related = replace(model, relations=(RelationSpec(name, name, "many"),))
    operation = OperationSpec(f"f.{name}", "m", "o", PLACE, models_in=(name,), models_out=(name,))
    return AppSpec("app", models=(related,), operations=(operation,))


@pytest.mark.parametrize("name", HOSTILE)
def test_models_diagram(name: str) -> None:
    lines = models_diagram(_app(name)).splitlines()
    assert len(lines) == 7
    assert lines[1] == f"    m0[{label(name)}] {{"
    assert lines[3].endswith(" PK_ UK")
    words = r"        [A-Za-z_\u00c0-\uffff][\w\[\]]* [A-Za-z_\u00c0-\uffff][\w]*( PK| UK)?"
    assert all(re.fullmatch(words, line) for line in lines[2:5])
    assert lines[6] == f"    m0 }}o--o{{ m0 : {label(name)}"


@pytest.mark.parametrize("name", HOSTILE)
def test_flow_and_system_diagrams(name: str) -> None:
    first, second = f"f.{name}.a", f"f.{name}.b"
    reasons = (EdgeReason(OrderRule.CREATES, name),)
    plan = FlowPlan(
        "f",
        (FlowStep(first), FlowStep(second, (first,))),
        (FlowEdge(first, second, reasons),),
        subflows=(f"f.{name}",),
    )
    flow = flow_diagram(plan).splitlines()
    assert flow[-1] == f"    s0 -->|{label(f'creates {name}')}| s1"
    assert [line.strip() for line in flow].count("end") == 2
    assert len(system_diagram(build_graph(_app(name))).splitlines()) == 7


def test_two_flows_are_one_diagram() -> None:
    plans = [
        FlowPlan(
            name,
            (FlowStep(f"{name}.a"), FlowStep(f"{name}.b", (f"{name}.a",))),
            (FlowEdge(f"{name}.a", f"{name}.b", (EdgeReason(OrderRule.CREATES, "M"),)),),
        )
        for name in ("f", "g")
    ]
    lines = flow_diagram(*plans).splitlines()
    assert [line for line in lines if line.startswith("flowchart")] == ["flowchart LR"]
    assert [line.strip() for line in lines if "-->" in line] == [
        's0 -->|"creates M"| s1',
        's2 -->|"creates M"| s3',
    ]


def test_what_a_step_takes_is_in_the_diagram() -> None:
    text = TypeRef(TypeKind.SCALAR, "str")
    bindings = (
        Binding("word", BindingSource.PARAMETER, text, name="greeting"),
        Binding("key", BindingSource.OUTPUT_FIELD, text, "f.a", "key"),
    )
    after_all = Binding("key", BindingSource.OUTPUT_FIELD, text, "f.a", "key")
    plan = FlowPlan(
        "f",
        (
            FlowStep("f.a"),
            FlowStep("f.b", ("f.a",), bindings=bindings),
            FlowStep("f.c", ("f.b",), bindings=(after_all,)),
        ),
        (
            FlowEdge("f.a", "f.b", (EdgeReason(OrderRule.CREATES, "M"),)),
            FlowEdge("f.b", "f.c", (EdgeReason(OrderRule.AFTER),)),
        ),
        parameters=(FlowParameter("greeting", text),),
    )

    lines = [line.strip() for line in flow_diagram(plan).splitlines()]

    assert lines[6:] == [
        's0 -->|"creates M#59; key: str"| s1',
        's1 -->|"after"| s2',
        's0 -.->|"key: str"| s2',
        'p0x0(["greeting: str"])',
        "p0x0 --> s1",
    ]


def test_an_attribute_says_type_and_whether_it_may_be_empty() -> None:
    text, number = TypeRef(TypeKind.SCALAR, "str"), TypeRef(TypeKind.SCALAR, "int")
    none = TypeRef(TypeKind.NONE)
    link = TypeRef(TypeKind.LINK, args=(TypeRef(TypeKind.MODEL, "m.M"),))
    fields = (
        FieldSpec("a", TypeRef(TypeKind.DICT, args=(text, number))),
        FieldSpec("b", TypeRef(TypeKind.UNION, args=(text, number, none))),
        FieldSpec("c", TypeRef(TypeKind.LITERAL, values=("x", "y,"))),
        FieldSpec("d", TypeRef(TypeKind.UNION, args=(link, none))),
    )
    relations = (RelationSpec("d", "M"), RelationSpec("e", "M"))
    model = ModelSpec("M", "m", "M", PLACE, fields=fields, relations=relations)
    lines = models_diagram(AppSpec("app", models=(model,))).splitlines()
    assert [line.strip() for line in lines[2:6]] == [
        "dict[str_int] a",
        'str_or_int b "optional"',
        "Literal[x_y] c",
        'Link[M] d "optional"',
    ]
    assert [line.strip() for line in lines[7:]] == ['m0 }o--o| m0 : "d"', 'm0 }o--|| m0 : "e"']


@given(st.text())
def test_a_label_is_one_quoted_word_of_harmless_characters(text: str) -> None:
    found = label(text)
    assert re.fullmatch(r'"[^"<>`\\\n]+"', found)
    codes = re.sub(r"#(\d+);", lambda match: chr(int(match[1])), found[1:-1])
    assert codes.split() == text.split()


@given(st.text())
def test_dot_quotes_every_name(text: str) -> None:
    lines = to_dot(build_graph(_app(text))).splitlines()
    assert lines[0] == "digraph pulpo {"
    assert lines[-1] == "}"
    line = (
        rf" *{STRING} (\[label={STRING}, shape=\w+\]|-> {STRING} \[label={STRING}, style=\w+\]);"
        rf"| *subgraph {STRING} \{{| *label={STRING};| *\}}"
    )
    body = "\n".join(lines[2:-1])
    assert re.fullmatch(rf"(({line})\n?)+", body, re.DOTALL)


@pytest.mark.parametrize("name", HOSTILE)
def test_node_link_is_json_with_every_node_and_edge(name: str) -> None:
    graph = build_graph(_app(name))
    plain = json.loads(to_node_link(graph))
    ids = {node["id"] for node in plain["nodes"]}
    assert f"model:{name}" in ids
    assert len(plain["links"]) == len(graph.edges)
    assert len({(at["source"], at["target"], at["key"]) for at in plain["links"]}) == len(
        graph.edges
    )
    assert all(link["source"] in ids and link["target"] in ids for link in plain["links"])
