from beanie import Document
from pulpo_base import datamodel


@datamodel
class Order(Document):
    total: int

    class Settings:
        use_revision = True
        use_state_management = True
