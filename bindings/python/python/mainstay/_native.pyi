from typing import Final

__version__: Final[str]
"""The version of the package and of the library inside it."""

def parse_target(text: str, /) -> tuple[str, str]:
    """Split ``provider/model`` at the first slash, as ``(provider, model)``.

    A model's own name may hold further slashes.

    Raises:
        ValueError: if one of the two halves is empty or there is no slash. The message says what to write.
    """

def providers() -> list[str]:
    """Name the built-in providers.

    They come in the order in which a chain is made from the keys in the environment.
    """
