"""Several LLM providers as one that never fails."""

from mainstay._native import __version__, parse_target, providers

__all__ = ["__version__", "parse_target", "providers"]
