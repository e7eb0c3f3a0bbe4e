"""Applies the fixes that findings carry; the rules decide what they are."""
