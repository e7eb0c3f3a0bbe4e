"""What people ask of an analysed project: select, why, path, impact, unused."""
