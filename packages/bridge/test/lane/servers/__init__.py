"""Servers as users write them, without NumPy: each function serves one port. models.py runs one of them by name."""
