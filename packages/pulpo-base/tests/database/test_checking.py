"""`check_documents` counts every document that the models would not read, whatever the cause."""

from typing import Any

from beanie import Document
from pydantic import field_validator

from pulpo_base.database import connected
from pulpo_base.database.checking import check_documents


class Named(Document):
    name: Any

    @field_validator("name")
    @classmethod
    def _shortened(cls, value: Any) -> Any:
        return value.strip()  # a number has no such thing

    class Settings:
        name = "named"


async def test_a_validator_that_breaks_is_a_misfit(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, [Named]) as database:
        await database["named"].insert_many([{"_id": 1, "name": "Ann"}, {"_id": 2, "name": 7777}])
        [checked] = await check_documents([Named])
    assert (checked.read, checked.unfit) == (2, 2)
    causes = {misfit.example: (misfit.path, misfit.cause) for misfit in checked.misfits}
    assert causes["2"] == ("document", "a validator raised AttributeError")
