"""What a field is probably about, by its name: a person, a place, an amount."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker

__all__ = ["number_range", "text_about"]

_PEOPLE = ("author", "contact", "customer", "employee", "member", "owner", "patient", "person")
_MORE_PEOPLE = ("student", "teacher", "user")
_COMPANIES = (
    "brand",
    "company",
    "manufacturer",
    "organisation",
    "organization",
    "supplier",
    "vendor",
)

_ABOUT: dict[str, Callable[[Faker], str]] = {
    "address": lambda fake: fake.street_address(),
    "bio": lambda fake: fake.paragraph(3),
    "body": lambda fake: fake.paragraph(4),
    "city": lambda fake: fake.city(),
    "code": lambda fake: fake.bothify("??####").upper(),
    "color": lambda fake: fake.color_name(),
    "colour": lambda fake: fake.color_name(),
    "comment": lambda fake: fake.sentence(),
    "company": lambda fake: fake.company(),
    "country": lambda fake: fake.country_code(),
    "currency": lambda fake: fake.currency_code(),
    "description": lambda fake: fake.paragraph(2),
    "domain": lambda fake: fake.domain_name(),
    "email": lambda fake: fake.email(),
    "firstname": lambda fake: fake.first_name(),
    "headline": lambda fake: fake.catch_phrase(),
    "iban": lambda fake: fake.iban(),
    "ip": lambda fake: fake.ipv4(),
    "isbn": lambda fake: fake.isbn13(),
    "job": lambda fake: fake.job(),
    "label": lambda fake: fake.word(),
    "language": lambda fake: fake.language_code(),
    "lastname": lambda fake: fake.last_name(),
    "locale": lambda fake: fake.locale(),
    "message": lambda fake: fake.sentence(),
    "note": lambda fake: fake.sentence(),
    "notes": lambda fake: fake.paragraph(2),
    "number": lambda fake: fake.numerify("#######"),
    "password": lambda fake: fake.password(),
    "phone": lambda fake: fake.phone_number(),
    "postalcode": lambda fake: fake.postcode(),
    "reason": lambda fake: fake.sentence(),
    "reference": lambda fake: fake.bothify("???-#####").upper(),
    "sku": lambda fake: fake.bothify("???-####").upper(),
    "slug": lambda fake: fake.slug(),
    "state": lambda fake: fake.city(),
    "street": lambda fake: fake.street_address(),
    "summary": lambda fake: fake.paragraph(2),
    "surname": lambda fake: fake.last_name(),
    "tag": lambda fake: fake.word(),
    "text": lambda fake: fake.paragraph(2),
    "timezone": lambda fake: fake.timezone(),
    "title": lambda fake: fake.catch_phrase(),
    "url": lambda fake: fake.url(),
    "username": lambda fake: fake.user_name(),
    "website": lambda fake: fake.url(),
    "zip": lambda fake: fake.postcode(),
}

#: Smallest and largest number that a field of this name usually holds.
_NUMBERS = {
    "age": (18, 90),
    "amount": (1, 500),
    "count": (0, 100),
    "days": (1, 30),
    "discount": (0, 20),
    "hours": (1, 24),
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "minutes": (1, 60),
    "percent": (0, 100),
    "points": (0, 1000),
    "price": (1, 500),
    "quantity": (1, 20),
    "rating": (1, 5),
    "stars": (1, 5),
    "stock": (0, 200),
    "weight": (1, 100),
    "year": (1990, 2025),
}
_USUAL = (0, 1000)


def text_about(field: str, owner: str, fake: Faker) -> str:
    """Return a text for a field of a model called `owner`; of what is not known, a few words."""
    words = field.lower().split("_")
    if words[-1] == "name" and len(words) == 1:
        return _name_of(owner.lower(), fake)
    for known in ("".join(words), words[-1], words[0]):
        if known in _ABOUT:
            return _ABOUT[known](fake)
    if words[-1] == "name":
        return _name_of(field.lower(), fake)
    return " ".join(fake.words(2))


def number_range(field: str) -> tuple[int, int]:
    """Return between which numbers a field of that name usually is."""
    return _NUMBERS.get(field.lower().split("_")[-1], _USUAL)


def _name_of(owner: str, fake: Faker) -> str:
    if any(word in owner for word in (*_PEOPLE, *_MORE_PEOPLE)):
        return fake.name()
    if any(word in owner for word in _COMPANIES):
        return fake.company()
    return " ".join(fake.words(2)).capitalize()
