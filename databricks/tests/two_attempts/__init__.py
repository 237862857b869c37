"""Two attempts of one batch: every pause point of the first, every progress of the second, and the
next batch on its way or not. All ends as if there had been one attempt."""
