"""How well a real OCR engine reads a dataset, and what makes it err."""
