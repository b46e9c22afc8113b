"""Modalities: how samples of one kind are stored, scaled, shown and written; one file each."""
