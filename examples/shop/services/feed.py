import csv
import io
from collections.abc import Iterator

from errors import ShopError


def rows_of(text: str, columns: frozenset[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV text with a header line, stripped.

    Raises `ShopError` where a column is missing or a row has another number of cells.
    """
    reader = csv.DictReader(io.StringIO(text.strip()))
    missing = columns - set(reader.fieldnames or ())
    if missing:
        names = ", ".join(sorted(missing))
        raise ShopError(f"The feed lacks the columns {names}; add them to its first line.")
    for row in reader:
        if None in row or None in row.values():
            raise ShopError(
                f"Line {reader.line_num} of the feed has another number of cells than its header.",
                {"line": reader.line_num},
            )
        yield {name: value.strip() for name, value in row.items()}
