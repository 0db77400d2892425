"""Tables, tokens, words: data that ships with the program and that no code may hide inside itself.

Only data files may enter, with these three loaders to reach them: ``tokens.json`` (the design's values), ``styles``
(stylesheet templates), ``words`` (what people read, as tables), ``codes`` (public code lists). Files lie beside this
one, from source, from an installed wheel and in the bundle alike.
"""

from pathlib import Path

_HERE = Path(__file__).parent


def read_bytes(*parts: str) -> bytes:
    """The file at ``parts`` under this package. Raises FileNotFoundError when it is not shipped."""
    return _HERE.joinpath(*parts).read_bytes()


def read_text(*parts: str) -> str:
    """The UTF-8 file at ``parts`` under this package. Raises FileNotFoundError when it is not shipped."""
    return read_bytes(*parts).decode("utf-8")


def names(*parts: str, suffix: str = "") -> list[str]:
    """Names of the files in the folder ``parts`` that end in ``suffix``, in order."""
    return sorted(entry.name for entry in _HERE.joinpath(*parts).iterdir() if entry.name.endswith(suffix))
