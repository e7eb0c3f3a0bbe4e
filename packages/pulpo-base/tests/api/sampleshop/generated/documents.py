"""Every document of the project."""

from beanie import Document

from sampleshop.models import Country, Customer, Order, Product

__all__ = ["DOCUMENTS", "Country", "Customer", "Order", "Product"]

DOCUMENTS: list[type[Document]] = [Country, Customer, Order, Product]
