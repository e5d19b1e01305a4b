"""The descriptions of the settings: the docstrings below the fields of `Settings`."""

import ast
import inspect
from itertools import pairwise

from geo.settings import Settings


def read_descriptions() -> dict[str, str]:
    """Return each field's description by its name; a field without one is left out."""
    (cls,) = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(cls, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(cls.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }
