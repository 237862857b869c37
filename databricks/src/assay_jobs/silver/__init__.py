"""Silver: each source's log of everything that came in, and its table of what is good."""
