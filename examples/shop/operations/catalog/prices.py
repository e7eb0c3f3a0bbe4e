"""What a product costs the customer, and when it goes on sale."""

from beanie.operators import In
from pulpo_base import operation

from models.base import cents, now
from models.product import Product, ProductStatus
from schemas.catalog import PricedProducts, PublishedProducts, PublishProducts, SetPrices


@operation(
    name="catalog.set_prices",
    category="catalog",
    models_in=[Product],
    models_out=[Product],
    permissions=["catalog:write"],
)
async def set_prices(request: SetPrices) -> PricedProducts:
    """Put the markup on what the products cost."""
    products = await Product.find(In(Product.sku, request.skus)).to_list()
    for product in products:
        price = cents(product.cost * (100 + request.markup_percent) / 100)
        # Not `save`, which would write back the stock as it was when the product was read.
        await product.set({"price": price, "updated_at": now()})
    return PricedProducts(priced=len(products))


@operation(
    name="catalog.publish",
    category="catalog",
    models_in=[Product],
    models_out=[Product],
    after=["catalog.refresh_ratings"],
    permissions=["catalog:publish"],
)
async def publish(request: PublishProducts) -> PublishedProducts:
    """Put drafts on sale, except those that would be given away."""
    published: list[str] = []
    held_back: list[str] = []
    drafts = Product.find(
        In(Product.sku, request.skus), Product.status == ProductStatus.DRAFT
    ).sort("+sku")
    async for product in drafts:
        if product.price == 0:
            held_back.append(product.sku)
            continue
        await product.set({"status": ProductStatus.ACTIVE, "updated_at": now()})
        published.append(product.sku)
    return PublishedProducts(published=published, held_back=held_back)
