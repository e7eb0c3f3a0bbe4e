from datetime import datetime
from enum import StrEnum

from beanie import Document
from pydantic import BaseModel, Field


class State(StrEnum):
    ON = "on"


class Stamped(BaseModel):
    at: datetime = Field(description="When.")
    state: State = State.ON


class Stored(Stamped, Document):
    class Settings:
        name = "all_of_them"
