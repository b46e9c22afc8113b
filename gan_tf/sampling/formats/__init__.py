"""Formats: how generated samples are written to files; a module per kind.

format.py      shared by all formats: the samples, the job, the base class
pictures.py    one image file of all samples, or one per sample
animations.py  animations and videos
texts.py       sequences as text and FASTA
sounds.py      sound, one file per clip
arrays.py      NumPy archives, for samples of any modality
records.py     TFRecord
"""
