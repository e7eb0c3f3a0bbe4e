"""From a supplier's price list to products on sale."""
