"""Scores of runs and folders, reports of them, and the check for memorization."""
