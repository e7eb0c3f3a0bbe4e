from pydantic import BaseModel


class Address(BaseModel):
    street: str
