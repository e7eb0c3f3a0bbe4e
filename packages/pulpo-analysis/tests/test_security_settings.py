"""Who may use the API, as `.pulpo.yml` says it: what is found wrong, and what is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis.config.loading import load_config
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation import security

PAGE = Path(__file__).parents[3] / "docs" / "security.md"
JWT = "auth: jwt, jwt: {issuer: 'https://x.org/', audience: shop"

Found = Callable[[str], list[tuple[str, int]]]


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """Return a function: a configuration to the codes and lines of what the rules find in it."""

    def run(text: str) -> list[tuple[str, int]]:
        (tmp_path / ".pulpo.yml").write_text(text, encoding="utf-8")
        loaded = load_config(tmp_path)
        rules = (security.working_sign_in, security.closed_doors, security.matching_places)
        diagnostics = [
            *loaded.diagnostics,
            *(item for rule in rules for item in rule((AppSpec("shop"), loaded))),
        ]
        return [(item.code, item.location.line if item.location else 0) for item in diagnostics]

    return run


@pytest.mark.parametrize(
    ("api", "codes"),
    [
        ("{}", []),
        ("{auth: none, host: 127.0.0.1}", []),
        ("{auth: api_key, host: 0.0.0.0}", []),
        ("{host: '::1', rate_limit: 0}", []),
        ("{host: localhost}", []),
        ("{host: '::'}", ["PLC009"]),
        ("{host: api.example.org}", ["PLC009"]),
        ("{host: 0.0.0.0, public_without_auth: true}", []),
        ("{auth: apikey}", ["PLC003"]),
        ("{rate_limit: -1}", ["PLC003"]),
        ("{max_body_bytes: 1}", ["PLC003"]),
        ("{auth: api_key, jwt: {isuer: x}}", ["PLC002"]),
        ("{auth: jwt}", ["PLC008", "PLC008"]),
        (f"{{{JWT}}}}}", []),
        (f"{{{JWT}, algorithms: [PS256, EdDSA]}}}}", []),
        (f"{{{JWT}, algorithms: []}}}}", ["PLC008"]),
        (f"{{{JWT}, algorithms: [none, HS512]}}}}", ["PLC008", "PLC008"]),
        (f"{{{JWT}, jwks_url: 'http://x.org/keys'}}}}", ["PLC008"]),
        (f"{{{JWT}, jwks_url: 'http://127.0.0.1:8080/keys'}}}}", []),
        ("{cors_origins: ['https://a.org', 'http://localhost:3000', 'http://[::1]:3000']}", []),
        ("{cors_origins: ['*', null]}", ["PLC003"]),
        ("{cors_origins: ['*', 'a.org', 'https://A.org', 'https://a.org/']}", ["PLC010"] * 4),
        (
            "{allowed_hosts: [Shop.example.org, '*.example.org', '*', localhost, '::1', '[::1]']}",
            [],
        ),
        ("{allowed_hosts: ['http://a.org', 'a.org:80', '', 'a*.org', '.a.org']}", ["PLC010"] * 5),
        ("{public_paths: [/docs, /api/models]}", []),
        ("{public_paths: [/docs/, /, docs]}", ["PLC010"] * 3),
    ],
)
def test_settings(found: Found, api: str, codes: list[str]) -> None:
    assert [code for code, _ in found(f"api: {api}\n")] == codes


def test_findings_have_places(found: Found) -> None:
    text = "api:\n  auth: jwt\n  jwt:\n    audience: shop\n    algorithms:\n      - none\n"
    assert found(text) == [("PLC008", 3), ("PLC008", 6)]


@pytest.mark.skipif(not PAGE.exists(), reason="only the repository has the page")
def test_the_settings_of_the_page(found: Found) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    for block in blocks:
        assert found(block) == []
