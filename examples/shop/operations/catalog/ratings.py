"""How much customers like a product."""

from beanie.operators import In
from pulpo_base import operation

from models.base import now
from models.product import Product
from models.review import Review
from operations.catalog.prices import set_prices
from schemas.catalog import RatedProducts, RefreshRatings


@operation(
    name="catalog.refresh_ratings",
    category="catalog",
    models_in=[Product, Review],
    models_out=[Product],
    after=[set_prices],
)
async def refresh_ratings(request: RefreshRatings) -> RatedProducts:
    """Bring the mean of the reviews to their products."""
    rated = 0
    for product in await Product.find(In(Product.sku, request.skus)).to_list():
        stars = await Review.find({"product.$id": product.id}).avg(Review.stars)
        if stars is None:
            continue
        await product.set({"rating": round(stars, 2), "updated_at": now()})
        rated += 1
    return RatedProducts(rated=rated)
