"""Formats: how generated samples become files; one file for each kind.

format.py      what formats have in common: the samples, the job, the base class
pictures.py    one picture of all, or a picture each
animations.py  moving pictures
arrays.py      NumPy archives, for samples of any modality
records.py     TFRecord
"""
