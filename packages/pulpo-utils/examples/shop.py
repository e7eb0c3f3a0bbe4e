"""A small API whose every error is a problem document. Needs `pulpo-utils[fastapi]` only.

Run it with `uvicorn shop:app`, then try `curl -i localhost:8000/products/none`.
"""

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from starlette.middleware.cors import CORSMiddleware

from pulpo_utils.asgi import RequestContextMiddleware
from pulpo_utils.exceptions import ApplicationError, ExceptionFactory, RateLimitError
from pulpo_utils.problems import install_problem_handlers, problem_responses

app = FastAPI(title="Shop", responses=problem_responses(500))
app.add_middleware(CORSMiddleware, allow_origins=["*"])
app.add_middleware(RequestContextMiddleware)
install_problem_handlers(app)


class SoldOutError(ApplicationError):
    """Nothing is left of a product."""

    code = "sold_out"
    http_status = 409


class Line(BaseModel):
    """One product in an order."""

    sku: str = Field(min_length=3)
    quantity: int = Field(ge=1)


class Order(BaseModel):
    """What somebody wants to buy."""

    lines: list[Line]


STOCK = {"tea": 3, "cup": 0}
MOST_LINES = 10


@app.get("/products/{sku}", responses=problem_responses(404))
async def show(sku: str) -> dict[str, int]:
    """Return how many are left."""
    if sku not in STOCK:
        raise HTTPException(404, "There is no such product.")
    return {"left": STOCK[sku]}


@app.post("/orders", status_code=201, responses=problem_responses(SoldOutError, RateLimitError))
async def order(wanted: Order) -> dict[str, str]:
    """Take an order."""
    if len(wanted.lines) > MOST_LINES:
        raise ExceptionFactory.rate_limit_exceeded(MOST_LINES, len(wanted.lines), retry_after=1.5)
    for line in wanted.lines:
        if STOCK.get(line.sku, 0) < line.quantity:
            raise SoldOutError(f"Not enough of {line.sku} is left.").with_detail("sku", line.sku)
    return {"status": "accepted"}


@app.get("/broken")
async def broken() -> None:
    """Fail in a way that nobody foresaw."""
    raise RuntimeError("the wire between rack 3 and rack 4 is loose")


@app.get("/database")
async def database() -> None:
    """Fail as if the database were gone."""
    raise ExceptionFactory.database_connection_failed(
        "mongodb://shop:s3cret@db.internal/shop", "connection refused"
    )
