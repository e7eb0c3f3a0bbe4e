"""`keys`: made, listed and revoked; and where an API without sign-in may listen."""

from __future__ import annotations

from typing import Any

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports


def test_keys_are_made_listed_and_revoked(shop: Shop) -> None:
    shop.ok("db", "start")
    made, told, empty = shop.run_all(
        ("keys", "create", "Ada", "-p", "orders:*", "-p", "a", "--days", "0", "--json"),
        ("keys", "create", "Bob"),
        ("keys", "create"),
    )
    assert made.json["permissions"] == ["a", "orders:*"]
    assert made.json["key"].startswith(f"pulpo_{made.json['id']}_")
    assert told.out.count("\n") == 1
    for text in ("shown this once", "no permissions", "now it is none"):
        assert text in told.err
    assert (empty.code, "NAME" in empty.err) == (1, True)
    bob = told.out.split("_")[1]
    revoked, listed, table, unknown = shop.run_all(
        ("keys", "revoke", bob),
        ("keys", "list", "--json"),
        ("keys", "list"),
        ("keys", "revoke", "0" * 16),
    )
    assert f"{bob} is revoked" in revoked.err
    assert [(key["name"], key["state"]) for key in listed.json] == [
        ("Ada", "expired"),
        ("Bob", "revoked"),
    ]
    assert bob in table.out
    secrets = [made.json["key"].rsplit("_", 1)[1], told.out.strip().split("_", 2)[2]]
    assert not any(secret in text.out for secret in secrets for text in (listed, table))
    assert (unknown.code, "./main keys list" in unknown.err) == (1, True)


def test_an_api_that_asks_nobody_is_for_this_machine(shop: Shop) -> None:
    for arguments, environment in (
        (("api", "--host", "192.0.2.7"), {}),
        (("api",), {"PULPO_API_HOST": "192.0.2.1"}),
        (("up",), {"PULPO_API_HOST": "::"}),
    ):
        refused = shop.run(*arguments, **environment)
        assert refused.code == 1
        assert "`auth` is none" in refused.err
        assert "--public-without-auth" in refused.err
    assert shop.processes() == {}
    # Told so, it goes on to the next thing that is wrong.
    told = shop.run("api", "--host", "192.0.2.1", "--public-without-auth")
    assert "`auth` is none" not in told.err
