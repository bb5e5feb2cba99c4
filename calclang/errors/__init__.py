"""Every error and warning a person can meet: data here, drawn elsewhere (``display/diagnostics.py``).

One constructor per kind. Its docstring holds the smallest program that causes it, after ``>>>``; that is its test, and the
whole rendering is its snapshot in ``tests/errors/``.
"""

from calclang.errors.calls import *
from calclang.errors.characters import *
from calclang.errors.commands import *
from calclang.errors.derivatives import *
from calclang.errors.diagnostic import *
from calclang.errors.files import *
from calclang.errors.foreign import *
from calclang.errors.indices import *
from calclang.errors.limits import *
from calclang.errors.names import *
from calclang.errors.numbers import *
from calclang.errors.prompt import *
from calclang.errors.searches import *
from calclang.errors.shapes import *
from calclang.errors.syntax import *
