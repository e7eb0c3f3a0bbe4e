from beanie import Document
from decorator_from_elsewhere import marks
from decorator_from_elsewhere.marks import step


@marks.stored
class Thing(Document):
    x: int


@step(name="decorator_from_elsewhere.make", models_out=[Thing])
def make() -> None: ...
