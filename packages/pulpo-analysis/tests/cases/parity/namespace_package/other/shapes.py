from pydantic import BaseModel


class Shape(BaseModel):
    x: int
