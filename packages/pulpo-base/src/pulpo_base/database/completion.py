"""Documents whose annotations name other documents that their own module does not import.

Two modules whose documents link to each other can only import each other for type checkers.
Pydantic leaves such a class unfinished; it is finished here, once all documents are imported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from beanie import Document
from pydantic import BaseModel
from pydantic.errors import PydanticUndefinedAnnotation

__all__ = ["complete"]


def complete(model: type[BaseModel]) -> None:
    """Finish a class with the names of all imported documents.

    Raises `TypeError` where an annotation has a name that stands for none of them, or for two.
    """
    if model.__pydantic_complete__:
        return
    documents = list(_documents(Document))
    times = Counter(cls.__name__ for cls in documents)
    known = {cls.__name__: cls for cls in documents if times[cls.__name__] == 1}
    try:
        model.model_rebuild(_types_namespace=known)
    except PydanticUndefinedAnnotation as error:
        problem = (
            f"{times[str(error.name)]} documents have that name; import the one that is meant"
            if times[str(error.name)]
            else "no imported document has that name"
        )
        place = f"{model.__module__}.{model.__qualname__}"
        raise TypeError(f"{place}: an annotation says {error.name!r}, but {problem}") from error


def _documents(base: type[Document]) -> Iterator[type[Document]]:
    for cls in base.__subclasses__():
        yield cls
        yield from _documents(cls)
