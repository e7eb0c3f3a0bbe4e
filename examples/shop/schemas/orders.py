from datetime import datetime

from beanie import PydanticObjectId
from pydantic import BaseModel, Field

from models.base import Money
from models.customer import Tier
from models.order import OrderStatus
from models.payment import PaymentMethod
from models.warehouse.shipment import Carrier


class LineRequest(BaseModel):
    sku: str
    quantity: int = Field(gt=0, le=1000)


class PlaceOrder(BaseModel):
    customer_id: PydanticObjectId
    lines: list[LineRequest] = Field(min_length=1)


class PlacedOrder(BaseModel):
    order_id: PydanticObjectId
    number: str


class ReserveStock(BaseModel):
    order_id: PydanticObjectId


class Reservation(BaseModel):
    pieces: int = Field(gt=0)
    reserved_at: datetime


class PriceOrder(BaseModel):
    order_id: PydanticObjectId


class Quote(BaseModel):
    subtotal: Money
    discount: Money
    tax: Money
    total: Money


class ConfirmOrder(BaseModel):
    order_id: PydanticObjectId
    quote: Quote
    pieces: int = Field(gt=0, description="How many pieces were reserved.")


class Confirmation(BaseModel):
    confirmed_at: datetime


class PayOrder(BaseModel):
    order_id: PydanticObjectId
    amount: Money
    payment_method: PaymentMethod = PaymentMethod.CARD


class PaidOrder(BaseModel):
    payment_id: PydanticObjectId


class ShipOrder(BaseModel):
    order_id: PydanticObjectId
    carrier: Carrier = Carrier.POST


class ShippedOrder(BaseModel):
    shipment_id: PydanticObjectId
    tracking_code: str


class RewardCustomer(BaseModel):
    payment_id: PydanticObjectId


class Reward(BaseModel):
    points_earned: int
    tier: Tier


class MakeReceipt(BaseModel):
    order_id: PydanticObjectId
    payment_id: PydanticObjectId
    shipment_id: PydanticObjectId
    reward: Reward


class Receipt(BaseModel):
    text: str
    status: OrderStatus
    paid: Money


class CancelOrder(BaseModel):
    order_id: PydanticObjectId
    reason: str = Field(min_length=3, max_length=500)


class CancelledOrder(BaseModel):
    pieces_returned: int
