from pulpo_base import OperationBase, operation
from pydantic import BaseModel


class Ask(BaseModel):
    x: int


class Answer(BaseModel):
    y: int


@operation(name="operation_class.run", models_in=[])
class Run(OperationBase):
    """Run it."""

    async def run(self, input_model: Ask) -> Answer:
        """Not this one."""


class Base:
    def run(self, data: Ask) -> list[Answer]: ...


@operation(name="operation_class.inherited", after=[Run], models_in=[])
class Inherited(Base):
    pass


@operation(name="operation_class.static", models_in=[])
class Static:
    @staticmethod
    def run(data: Ask) -> None: ...


@operation(name="operation_class.by_class", models_in=[])
class ByClass:
    @classmethod
    async def run(cls, data: Ask) -> None: ...


@operation
class Bare:
    async def run(self): ...
