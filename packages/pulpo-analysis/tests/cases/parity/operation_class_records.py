from __future__ import annotations

from pulpo_base import OperationBase, operation
from pydantic import BaseModel


@operation(name="operation_class_records.sign", models_in=[])
class Sign(OperationBase):
    class Input(BaseModel):
        x: int

    class Output(BaseModel):
        y: int

    async def run(self, data: Input) -> Output: ...


@operation(name="operation_class_records.sign_again", models_in=[])
class SignAgain(Sign):
    pass


@operation(name="operation_class_records.check", models_in=[])
async def check(data: Sign.Output) -> list[Sign.Input]: ...
