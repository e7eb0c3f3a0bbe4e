"""Analyses made by hand: a small shop, and one whose every name and text is hostile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.config.settings import ProjectConfig, ProjectSection
from pulpo_analysis.graphs.graph import AppGraph
from pulpo_analysis.registries.app import AppSpec
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
    EnumSpec,
    FieldSpec,
    IndexSpec,
    ModelSpec,
    OperationSpec,
    RelationSpec,
    SchemaSpec,
    SourceLocation,
    TypeKind,
    TypeRef,
)

TEXT = TypeRef(TypeKind.SCALAR, "str")
NUMBER = TypeRef(TypeKind.SCALAR, "int")
NONE = TypeRef(TypeKind.NONE)
CUSTOMER = TypeRef(TypeKind.MODEL, "models.customer.Customer")
STATUS = TypeRef(TypeKind.ENUM, "models.order.Status")

HOSTILE_TEXTS = {
    "quotes": "\"'\"\"\"'''` \\",
    "braces": "{a} {{ b }} {% c %} {# d #} {= 7 * 7 =} ${e} #{f} %(g)s",
    "lines": "one\n# two\n\n## three\r\n- four\u2028five\x00six\x1b[31m",
    "markup": "<script>alert(1)</script> | a | b | --> <!-- ![x](javascript:1) [y](z) ***q***",
    "mermaid": '"] --> x["y"]\n```\n# out\n%%{init: {}}%%',
    "scripts": "naïve 日本 \u202egnp.exe \U0001f419",
    "paths": "../../etc/passwd",
    "long": "x" * 10_000,
}


def make_shop(root: Path) -> Analysis:
    """Two models, an enumeration, three operations and a flow."""
    customer = ModelSpec(
        name="Customer",
        module="models.customer",
        qualname="Customer",
        location=SourceLocation("models/customer.py", 8),
        description="Somebody who buys.\n\nMade on the first order.",
        tags=("people",),
        collection="customers",
        indexes=(IndexSpec((("email", 1),), unique=True),),
        fields=(
            FieldSpec("email", TEXT, unique=True, description="Where bills go."),
            FieldSpec("nickname", TypeRef(TypeKind.UNION, args=(TEXT, NONE)), False, "None"),
        ),
    )
    order = ModelSpec(
        name="Order",
        module="models.order",
        qualname="Order",
        location=SourceLocation("models/order.py", 12),
        collection="orders",
        relations=(RelationSpec("customer", "Customer"),),
        fields=(
            FieldSpec("customer", TypeRef(TypeKind.LINK, args=(CUSTOMER,))),
            FieldSpec("status", STATUS, False, "Status.NEW"),
            FieldSpec("count", NUMBER, False, "1", constraints=(("ge", 1), ("le", 99))),
            FieldSpec("notes", TypeRef(TypeKind.LIST, args=(TEXT,)), False),
        ),
    )
    line = SchemaSpec(
        name="NewOrder",
        module="operations.orders",
        qualname="NewOrder",
        location=SourceLocation("operations/orders.py", 5),
        description="What an order begins with.",
        fields=(FieldSpec("email", TEXT),),
    )
    status = EnumSpec(
        "Status",
        "models.order",
        "Status",
        SourceLocation("models/order.py", 5),
        (("NEW", "new"), ("PAID", "paid")),
    )
    new_order = TypeRef(TypeKind.SCHEMA, line.key)
    operations = tuple(
        OperationSpec(
            name=name,
            module="operations.orders",
            qualname=name.rpartition(".")[2],
            location=SourceLocation("operations/orders.py", place),
            description=description,
            **more,  # type: ignore[arg-type]
        )
        for place, (name, description, more) in enumerate(
            (
                (
                    "orders.place",
                    "Take an order.",
                    {
                        "inputs": new_order,
                        "outputs": TypeRef(TypeKind.MODEL, order.key),
                        "models_in": (),
                        "models_out": ("Order",),
                        "category": "sales",
                        "tags": ("money", "people"),
                    },
                ),
                (
                    "orders.pay",
                    "",
                    {
                        "models_in": ("Order",),
                        "models_out": ("Order",),
                        "retries": 2,
                        "timeout": 1.5,
                        "permissions": ("pay",),
                    },
                ),
                ("ping", "Say that it lives.", {"in_flow": False, "outputs": TEXT}),
            ),
            20,
        )
    )
    flow = FlowPlan(
        name="orders",
        steps=(
            FlowStep(
                "orders.place",
                bindings=(Binding("email", BindingSource.PARAMETER, TEXT, name="email"),),
            ),
            FlowStep(
                "orders.pay",
                after=("orders.place",),
                bindings=(
                    Binding("order", BindingSource.WHOLE_OUTPUT, TEXT, step="orders.place"),
                    Binding("sum", BindingSource.OUTPUT_FIELD, NUMBER, "orders.place", "total"),
                ),
                stage=2,
            ),
        ),
        edges=(
            FlowEdge(
                "orders.place",
                "orders.pay",
                (EdgeReason(OrderRule.CREATES, "Order"), EdgeReason(OrderRule.AFTER)),
            ),
        ),
        parameters=(FlowParameter("email", TEXT, origins=(("orders.place", "email"),)),),
        stages=(2,),
        results=(("orders.pay", TypeRef(TypeKind.MODEL, order.key)),),
        schedule="0 3 * * *",
    )
    app = AppSpec(
        "shop",
        models=(customer, order),
        schemas=(line,),
        enums=(status,),
        operations=operations,
    )
    return Analysis(root, ProjectConfig(), app, AppGraph(), (flow,), ())


def make_hostile(root: Path) -> Analysis:
    """Everything that a user can name or describe, named and described as badly as possible."""
    shop = make_shop(root)
    models, operations, flows = [], [], []
    for number, text in enumerate(HOSTILE_TEXTS.values()):
        place = SourceLocation(text, number + 1)
        models.append(
            ModelSpec(
                name=f"{number}{text}",
                module=text,
                qualname=text,
                location=place,
                description=text,
                tags=(text,),
                collection=text,
                indexes=(IndexSpec(((text, "text"),), name=text),),
                relations=(RelationSpec(text, f"{number}{text}"),),
                fields=(
                    FieldSpec(
                        text,
                        TypeRef(TypeKind.LITERAL, values=(text,)),
                        False,
                        repr(text),
                        text,
                        constraints=(("pattern", text),),
                    ),
                    FieldSpec(text + "2", TypeRef(TypeKind.UNKNOWN, text)),
                ),
            )
        )
        name = f"flow{number}.{text}"
        operations.append(
            OperationSpec(
                name=name,
                module=text,
                qualname=text,
                location=place,
                description=text,
                category=text,
                tags=(text,),
                permissions=(text,),
                models_in=(text,),
                models_out=(f"{number}{text}",),
                stage=text,
                schedule=text,
            )
        )
        flows.append(
            FlowPlan(
                name=f"flow{number}",
                steps=(
                    FlowStep(name, (text,), (Binding(text, BindingSource.PARAMETER, TEXT),), text),
                ),
                edges=(FlowEdge(name, name, (EdgeReason(OrderRule.CREATES, text),)),),
                parameters=(FlowParameter(text, TEXT, description=text),),
                stages=(text,),
                subflows=(text,),
                results=((name, TEXT),),
                schedule=text,
            )
        )
    config = ProjectConfig(
        project=ProjectSection(title=HOSTILE_TEXTS["markup"], description=HOSTILE_TEXTS["lines"])
    )
    enums = tuple(
        EnumSpec(text, text, text, SourceLocation(text), ((text, text),))
        for text in HOSTILE_TEXTS.values()
    )
    app = replace(
        shop.app, models=tuple(models), schemas=(), enums=enums, operations=tuple(operations)
    )
    return replace(shop, config=config, app=app, flows=tuple(flows))


@pytest.fixture
def hostile_texts() -> dict[str, str]:
    return HOSTILE_TEXTS


@pytest.fixture
def shop(tmp_path: Path) -> Analysis:
    """The analysis of a shop in a folder of its own."""
    root = tmp_path / "shop"
    root.mkdir()
    return make_shop(root)


@pytest.fixture
def hostile(tmp_path: Path) -> Analysis:
    root = tmp_path / "hostile"
    root.mkdir()
    return make_hostile(root)


@pytest.fixture
def described() -> Callable[[Analysis, str], Analysis]:
    """Return the same project, its first model described otherwise."""

    def change(analysis: Analysis, description: str) -> Analysis:
        first, *rest = analysis.app.models
        models = (replace(first, description=description), *rest)
        return replace(analysis, app=replace(analysis.app, models=models))

    return change


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    """Return the files below a folder with their bytes."""

    def read(root: Path) -> dict[str, bytes]:
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }

    return read
