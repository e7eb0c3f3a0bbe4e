"""The page, GraphML, and what of a graph is shown; names may be anything."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulpo_analysis import AppSpec, analyse
from pulpo_analysis.graphs.build import build_graph
from pulpo_analysis.graphs.graphml import to_graphml
from pulpo_analysis.graphs.page.arrange import arrange
from pulpo_analysis.graphs.page.boxes import Box, Group, Line
from pulpo_analysis.graphs.page.html import graph_page
from pulpo_base.flows.plan import FlowEdge, FlowPlan, FlowStep
from pulpo_base.specs import (
    FieldSpec,
    ModelSpec,
    OperationSpec,
    RelationSpec,
    SourceLocation,
    TypeKind,
    TypeRef,
)

GOLDEN = Path(__file__).parent / "cases" / "graphs"
XML = "{http://graphml.graphdrawing.org/xmlns}"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "--><img src=x onerror=alert(1)>",
    "\"' onload='alert(1)",
    "]]>&lt;&amp;{{data}}",
    "a\u202eb\x00c\ud800\u2028",
    "<!--<script>",
]


class _Page(HTMLParser):
    """What a browser makes of the page: elements with their attributes, and the data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Mapping[str, str | None]]] = []
        self.data = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = dict(attrs).get("id") or ""

    def handle_data(self, data: str) -> None:
        if self._inside == "data":
            self.data += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def _hostile(name: str) -> tuple[AppSpec, tuple[FlowPlan, ...]]:
    place = SourceLocation(f"{name}.py", 3)
    fields = (FieldSpec(name, TypeRef(TypeKind.UNKNOWN, name), description=name),)
    relation = RelationSpec(name, name, "many")
    model = ModelSpec(name, name, name, place, name, (name,), fields=fields, relations=(relation,))
    names = (f"f.{name}.a", f"f.{name}.b")
    operations = tuple(
        OperationSpec(
            one, name, name, place, name, category=name, models_in=(name,), models_out=(name,)
        )
        for one in names
    )
    edge = FlowEdge(names[0], names[1], ())
    steps = tuple(FlowStep(one, stage=name) for one in names)
    plan = FlowPlan("f", steps, (edge,), stages=(name,), subflows=(f"f.{name}",))
    return AppSpec(name, models=(model,), operations=operations), (plan,)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_and_never_markup(name: str) -> None:
    harmless, plans = _hostile("plain")
    app, flows = _hostile(name)
    expected = _Page(graph_page("plain", harmless, build_graph(harmless), plans))
    page = graph_page(name, app, build_graph(app), flows)
    found = _Page(page)

    page.encode("utf-8")
    tags = [tag for tag, _ in found.found]
    # A name with dots in it makes more flows; these have none, so the page is the same.
    assert tags == [tag for tag, _ in expected.found]
    allowed = {key for _, attributes in expected.found for key in attributes}
    assert {key for _, attributes in found.found for key in attributes} <= allowed
    assert "\u202e" not in page
    assert name.partition("\u202e")[0] in json.loads(found.data)[-2]["name"]


def test_the_page_needs_nothing_else(example: Path) -> None:
    analysis = analyse(example)
    page = graph_page("Shop", analysis.app, analysis.graph, analysis.flows)
    parsed = _Page(page)

    assert re.findall(r"https?://|url\((?!#)|@import|\bimport\(|fetch\(", page) == []
    assert "default-src 'none'" in page
    assert {tag for tag, at in parsed.found if at.keys() & {"src", "href", "srcset"}} == set()
    views = [at["id"] for tag, at in parsed.found if tag == "svg"]
    assert views == ["view-lineage", "view-flows", "view-models"]
    data = json.loads(parsed.data)
    assert [node["name"] for node in data] == [node.name for node in analysis.graph.nodes]
    order = next(node for node in data if node["name"] == "Order")
    assert order["at"] == "shop/models/order.py:18:1"
    # Every line ends at a node that is drawn in its view.
    numbers = {at["data-n"] for _, at in parsed.found if at.get("data-n")}
    assert {
        at[end] for tag, at in parsed.found if at.get("data-a") for end in ("data-a", "data-b")
    } <= numbers
    assert graph_page("Shop", analysis.app, analysis.graph, analysis.flows) == page


def test_a_part_of_the_graph(example: Path) -> None:
    analysis = analyse(example)
    near = analysis.graph.around(["model:Shipment"], 1)
    assert [node.name for node in near.nodes] == ["Order", "Shipment", "orders.ship"]
    assert analysis.graph.around(["model:Shipment"], 0).edges == ()
    page = _Page(graph_page("Shop", analysis.app, near, analysis.flows))
    drawn = [
        at["aria-label"] for tag, at in page.found if (at.get("class") or "").startswith("node")
    ]
    assert drawn.count("model Order") == 2


def test_graphml(example: Path, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "example.graphml", to_graphml(analyse(example).graph))


@pytest.mark.parametrize("name", HOSTILE)
def test_graphml_is_xml_with_every_node_and_edge(name: str) -> None:
    graph = build_graph(_hostile(name)[0])
    tree = ET.fromstring(to_graphml(graph).encode())  # noqa: S314 - our own text
    nodes = tree.findall(f".//{XML}node")
    edges = tree.findall(f".//{XML}edge")
    assert (len(nodes), len(edges)) == (len(graph.nodes), len(graph.edges))
    ids = {node.get("id") for node in nodes}
    assert len(ids) == len(nodes)
    assert {edge.get("target") for edge in edges} <= ids


KEYS = st.integers(0, 12).map(str)


@settings(deadline=None)
@given(st.lists(st.tuples(KEYS, KEYS), max_size=30), st.booleans())
def test_nothing_lies_over_another_and_lines_reach_their_boxes(
    pairs: list[tuple[str, str]], bounded: bool
) -> None:
    boxes = [Box(str(key), 40 + 7 * key, 20 + 3 * key) for key in range(10)]
    inner = Group("g", (Box("10", 50, 30), Box("11", 60, 30), Group("h", (Box("12", 9, 9),))))
    lines = [Line(*pair) for pair in dict.fromkeys(pairs)]

    placed = arrange(Group("", (*boxes, inner)), lines, bounded=bounded)

    assert set(placed.boxes) == {str(key) for key in range(13)}
    areas = list(placed.boxes.values())
    for index, one in enumerate(areas):
        assert all(_apart(one, other) for other in areas[index + 1 :])
        assert one[0] >= -0.01
        assert one[0] + one[2] <= placed.width + 0.01
    for line in lines:
        for point, key in (
            (placed.routes[line][0], line.source),
            (placed.routes[line][-1], line.target),
        ):
            x, y, width, height = placed.boxes[key]
            assert point[0] in {x, x + width}
            assert y <= point[1] <= y + height


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    (x, y, width, height), (to_x, to_y, to_width, to_height) = one, other
    beside = x + width <= to_x + 0.01 or to_x + to_width <= x + 0.01
    return beside or y + height <= to_y + 0.01 or to_y + to_height <= y + 0.01


def test_a_long_chain_is_laid_out_without_recursion() -> None:
    boxes = tuple(Box(str(key), 10, 10) for key in range(3000))
    lines = [Line(str(key), str(key + 1)) for key in range(2999)]
    placed = arrange(Group("", boxes), lines)
    assert placed.boxes["2999"][0] > placed.boxes["0"][0]
