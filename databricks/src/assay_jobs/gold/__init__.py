"""Gold: change sets are written and checked, then sealed, and only then applied.

A change set must outlive every crash: once its commit is made, nobody can tell any more what it
changed. So the change set comes first, as files below the attempt's own folder; one row of the
Delta table `_seals` then fixes which attempt's files count, after every check of every table; and
the commits to gold read their rows from these very files. An attempt that finds a seal applies the
same files again, and repeating that changes nothing; one that finds none has committed nothing to
gold and starts over. A sealed batch is finished as it was sealed: a definition that was repaired
meanwhile counts from the next batch on.
"""
