"""Books, and who borrowed them."""

from datetime import date

from beanie import Document
from pulpo_base import datamodel
from pydantic import Field


@datamodel(tags=["catalogue"])
class Book(Document):
    """A title on the shelf."""

    isbn: str = Field(description="ISBN-13, digits only")
    title: str = Field(description="As on the cover; subtitle; edition")
    copies: int = Field(default=1, ge=0, description="How many the library owns")

    class Settings:
        name = "books"


@datamodel
class Loan(Document):
    """A book that is away."""

    isbn: str = Field(description="Of the book")
    due: date

    class Settings:
        name = "loans"
