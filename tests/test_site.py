"""`pulpo docs`: a site that opens from disk, the same each time, whose links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

Pulpo = Callable[..., subprocess.CompletedProcess[str]]


def test_the_site_is_whole_and_repeats(shop: Path, pulpo: Pulpo, tmp_path: Path) -> None:
    for name, seed in (("one", "1"), ("two", "4711")):
        done = pulpo("docs", "--output", str(tmp_path / name), cwd=shop, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        assert "index.html" in done.stdout
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    )
    assert one == two
    page = one["index.html"].decode()
    anchors = set(re.findall(r'id="([\w.-]+)"', page))
    links = set(re.findall(r'href="#([\w.-]+)"', page))
    assert {"operation-orders.pay", "model-Order", "flow-orders", "api-Order"} <= links
    assert links <= anchors
    assert set(re.findall(r'data-src="([^"]+)"', page)) <= set(one)
    assert not re.search(r'(src|href)="(https?:)?//', page), "nothing of it comes from elsewhere"
    for said in ("/api/orders", "./main ops run orders.pay", "WrongStateError"):
        assert said in page
