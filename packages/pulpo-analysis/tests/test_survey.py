"""What an application that exists has, as `survey` finds it without running it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from pulpo_analysis.survey import survey

SETTINGS = 'V1 = "/v1"\n\n\nclass settings:\n    PREFIX = "/set"\n'
USERS = """
    from fastapi import APIRouter

    router = APIRouter(prefix="/users")


    @router.get("/{id}")
    async def user(id: str) -> str:
        return id


    @router.post(path="")
    async def add() -> str:
        return ""
"""


@pytest.fixture
def paths(project: Callable[..., Path]) -> Callable[..., list[str]]:
    """Return a function: the text of `app/main.py` to the paths of the routes of users."""

    def found(main: str, **others: str) -> list[str]:
        files = {"app/users.py": USERS, "app/settings.py": SETTINGS, "app/main.py": main}
        root = project({**files, **{f"app/{name}.py": text for name, text in others.items()}})
        return [f"{one.method} {one.path}" for one in survey(root).routes]

    return found


TWICE = """
app.include_router(users.router, prefix="/a")
app.include_router(users.router, prefix="/b")
"""
NESTED = """
whole = APIRouter(prefix="/whole")
whole.include_router(users.router, prefix="/in")
app.include_router(whole, prefix="/api")
"""
FACTORY = """
def create():
    made = FastAPI()
    made.include_router(users.router, prefix="/made")
    return made
"""
NOTHING = """
app.include_router(unknown, prefix="/x")
app.include_router()
"""
ROUND = """
whole = APIRouter()
whole.include_router(users.router, prefix="/in")
users.router.include_router(whole, prefix="/round")
"""


@pytest.mark.parametrize(
    ("included", "prefixes"),
    [
        ("app.include_router(users.router)", [""]),
        ('app.include_router(users.router, prefix="/api")', ["/api"]),
        ('app.include_router(prefix="/api", router=users.router)', ["/api"]),
        ("app.include_router(users.router, prefix=V1)", ["/v1"]),
        ("app.include_router(users.router, prefix=settings.PREFIX)", ["/set"]),
        ("app.include_router(users.router, prefix=settings.OTHER)", ["{settings.OTHER}"]),
        (TWICE, ["/a", "/b"]),
        (NESTED, ["/api/whole/in"]),
        (FACTORY, ["/made"]),
        (NOTHING, [""]),
        (ROUND, ["/users/round/in"]),
    ],
)
def test_where_routers_are(
    paths: Callable[..., list[str]], included: str, prefixes: list[str]
) -> None:
    head = """
from fastapi import APIRouter, FastAPI

from app import users
from app.settings import V1, settings

app = FastAPI()
"""
    expected = [f"GET {prefix}/users/{{id}}" for prefix in prefixes]
    expected += [f"POST {prefix}/users" for prefix in prefixes]
    assert paths(f"{head}{included}\n") == expected


def test_fastapi_puts_prefixes_together_in_this_order() -> None:
    inner, outer, app = APIRouter(prefix="/inner"), APIRouter(prefix="/outer"), FastAPI()
    inner.get("/x")(lambda: None)
    outer.include_router(inner, prefix="/in")
    app.include_router(outer, prefix="/api")
    assert "/api/outer/in/inner/x" in app.openapi()["paths"]
