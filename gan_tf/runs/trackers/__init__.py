"""Trackers: programs that keep the records of many runs, to compare them; one file each."""
