"""Suppliers, categories and products from files of others."""

from collections.abc import Iterable, Mapping

from beanie.operators import In
from pulpo_base import operation
from pydantic import ValidationError

from errors import ShopError, UnknownRecordError
from models.base import now
from models.category import Category
from models.product import Product, ProductStatus
from models.supplier import Supplier
from schemas.catalog import (
    Feed,
    ImportCategories,
    ImportedCategories,
    ImportedProducts,
    ImportedSuppliers,
    ImportProducts,
    ImportSuppliers,
    ParsedFeed,
    ProductRow,
)
from services.feed import rows_of

COLUMNS = frozenset({"sku", "title", "category", "supplier", "cost", "stock"})


@operation(name="catalog.parse_feed", category="catalog", models_in=[], models_out=[])
def parse_feed(request: Feed) -> ParsedFeed:
    """Read a price list; a file of any size keeps a thread busy and not the event loop.

    Raises:
        ShopError: A column is missing, or a row does not fit.
    """
    rows: list[ProductRow] = []
    for number, row in enumerate(rows_of(request.feed, COLUMNS), start=1):
        try:
            rows.append(ProductRow.model_validate(row))
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(str(part) for part in problem["loc"])
            raise ShopError(
                f"Row {number} of the feed: {place}: {problem['msg']}.", {"row": number}
            ) from error
    return ParsedFeed(rows=rows)


@operation(
    name="catalog.import_suppliers",
    category="catalog",
    models_in=[],
    models_out=[Supplier],
    permissions=["catalog:write"],
)
async def import_suppliers(request: ImportSuppliers) -> ImportedSuppliers:
    """Write suppliers down; those with a known code are replaced."""
    for row in request.suppliers:
        await Supplier.find_one(Supplier.code == row.code).upsert(
            {"$set": {**row.model_dump(), "updated_at": now()}},
            on_insert=Supplier(**row.model_dump()),
        )
    return ImportedSuppliers(supplier_codes=[row.code for row in request.suppliers])


@operation(
    name="catalog.import_categories",
    category="catalog",
    models_in=[],
    models_out=[Category],
    permissions=["catalog:write"],
)
async def import_categories(request: ImportCategories) -> ImportedCategories:
    """Write categories down; those with a known slug are replaced."""
    for row in request.categories:
        await Category.find_one(Category.slug == row.slug).upsert(
            {"$set": {**row.model_dump(), "updated_at": now()}},
            on_insert=Category(**row.model_dump()),
        )
    return ImportedCategories(category_slugs=[row.slug for row in request.categories])


@operation(
    name="catalog.import_products",
    category="catalog",
    models_in=[Supplier, Category],
    models_out=[Product],
    bind={"products": "catalog.parse_feed.rows"},
    permissions=["catalog:write"],
    timeout=60,
)
async def import_products(request: ImportProducts) -> ImportedProducts:
    """Write products down as drafts; of those with a known SKU, cost and stock are replaced.

    Raises:
        UnknownRecordError: A row names a supplier or category that does not exist.
    """
    rows = request.products
    suppliers = await Supplier.find(In(Supplier.code, [row.supplier for row in rows])).to_list()
    categories = await Category.find(In(Category.slug, [row.category for row in rows])).to_list()
    supplier_of = {supplier.code: supplier for supplier in suppliers}
    category_of = {category.slug: category for category in categories}
    check_known("suppliers", (row.supplier for row in rows), supplier_of)
    check_known("categories", (row.category for row in rows), category_of)
    for row in rows:
        draft = Product(
            sku=row.sku,
            title=row.title,
            category=category_of[row.category],
            suppliers=[supplier_of[row.supplier]],
            cost=row.cost,
            stock=row.stock,
            status=ProductStatus.DRAFT,
        )
        await Product.find_one(Product.sku == row.sku).upsert(
            {"$set": {"cost": row.cost, "stock": row.stock, "updated_at": now()}}, on_insert=draft
        )
    return ImportedProducts(skus=[row.sku for row in rows])


def check_known(kind: str, wanted: Iterable[str], known: Mapping[str, object]) -> None:
    missing = sorted(set(wanted) - set(known))
    if missing:
        raise UnknownRecordError(
            f"The feed names unknown {kind}: {', '.join(missing)}; import them with it.",
            {kind: missing},
        )
