from beanie import Document
from pulpo_base import datamodel


@datamodel(indexes=["done"])
class Todo(Document):
    """Something to do."""

    title: str
    done: bool = False

    class Settings:
        name = "todos"
