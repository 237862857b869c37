"""How claimed files become rows: one file of this folder a format, or a family of them."""
