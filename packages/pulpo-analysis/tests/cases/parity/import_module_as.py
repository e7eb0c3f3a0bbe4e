import beanie as b
import pulpo_base as pb


@pb.datamodel
class Order(b.Document):
    total: int
