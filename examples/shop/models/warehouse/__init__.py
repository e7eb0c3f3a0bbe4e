"""What the warehouse keeps: movements of stock and parcels."""
