"""What would make the same batch give another gold table the second time."""

from .judge import unrepeatable

__all__ = ["unrepeatable"]
