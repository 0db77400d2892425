"""Tables, tokens, words: data that ships with the program and that no code may hide inside itself.

Only data files may enter, with these three loaders to reach them: ``tokens.json`` (the design's values), ``styles``
(stylesheet templates), ``words`` (what people read, as tables), ``codes`` (public code lists). Files are found through
``importlib.resources``, so that they are there from source, from a wheel and from the bundle alike.
"""

from importlib.resources import files


def read_bytes(*parts: str) -> bytes:
    """The file at ``parts`` under this package. Raises FileNotFoundError when it is not shipped."""
    return files(__package__).joinpath(*parts).read_bytes()


def read_text(*parts: str) -> str:
    """The UTF-8 file at ``parts`` under this package. Raises FileNotFoundError when it is not shipped."""
    return read_bytes(*parts).decode("utf-8")


def names(*parts: str, suffix: str = "") -> list[str]:
    """Names of the files in the folder ``parts`` that end in ``suffix``, in order."""
    return sorted(entry.name for entry in files(__package__).joinpath(*parts).iterdir() if entry.name.endswith(suffix))
