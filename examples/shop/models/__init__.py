"""What the shop stores.

A back link names a model that is defined later, so the models that have one are completed here,
where all of them are known.
"""

from models.category import Category
from models.customer import Customer
from models.order import Order
from models.payment import Payment
from models.product import Product
from models.report import DailyReport
from models.review import Review
from models.supplier import Supplier
from models.warehouse.shipment import Shipment
from models.warehouse.stock_movement import StockMovement

for model in (Category, Customer, Order, Product, Supplier):
    model.model_rebuild()

__all__ = [
    "Category",
    "Customer",
    "DailyReport",
    "Order",
    "Payment",
    "Product",
    "Review",
    "Shipment",
    "StockMovement",
    "Supplier",
]
