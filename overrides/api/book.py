from typing import Any

from fastapi import Depends, HTTPException
from models import Book

from pulpo_base.api import Resource


def _known() -> None:
    return None


DEPENDENCIES = (Depends(_known),)


class BookResource(Resource[Book]):
    async def delete(self, id: Any) -> None:
        raise HTTPException(405, "books are kept")
