"""What customers say."""

from pulpo_base import operation
from pymongo.errors import DuplicateKeyError

from errors import UnknownRecordError, WrongStateError
from models.base import id_of
from models.customer import Customer
from models.order import Order, OrderStatus
from models.product import Product
from models.review import Review
from schemas.catalog import AddedReview, NewReview


@operation(
    name="reviews.add",
    category="catalog",
    models_in=[Customer, Product, Order],
    models_out=[Review],
)
async def add_review(request: NewReview) -> AddedReview:
    """Let a customer judge a product that was shipped to them.

    Raises:
        UnknownRecordError: The customer or the product does not exist.
        WrongStateError: The customer did not get the product, or reviewed it before.
    """
    customer = await Customer.get(request.customer_id)
    product = await Product.find_one(Product.sku == request.sku)
    if customer is None or product is None:
        raise UnknownRecordError("A review needs a customer and a product that exist.")
    bought = await Order.find(
        {"customer.$id": customer.id, "lines.sku": product.sku, "status": OrderStatus.SHIPPED}
    ).exists()
    if not bought:
        raise WrongStateError(
            f"{customer.name} has not received {product.sku}; only buyers review."
        )
    review = Review(product=product, customer=customer, stars=request.stars, text=request.text)
    try:
        await review.insert()
    except DuplicateKeyError as error:
        raise WrongStateError(
            f"{customer.name} has already reviewed {product.sku}; change that review."
        ) from error
    return AddedReview(review_id=id_of(review))
