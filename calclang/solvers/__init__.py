"""Searching and comparing with numbers alone: roots, minima, differences. What is sought is a Python function of arrays; where it is not
defined it gives None."""
