"""What would make the same batch give another gold table the second time."""

from .judge import unrepeatable
from .rounding import Kind, kinds_of, unrounded

__all__ = ["Kind", "kinds_of", "unrepeatable", "unrounded"]
