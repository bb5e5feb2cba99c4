"""Searching and comparing with numbers alone. What is sought is a Python function of arrays; where it is not defined it gives None.

A root: `roots` tries one method after another, the first of which is `newton`. A minimum: `minima` runs SciPy's methods, `ends` judges where they
come to, and takes Newton's last steps. `search` is what both are told. `differences` are derivatives from values alone.
"""
