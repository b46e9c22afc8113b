"""Names of classes: their order, names that look alike, and names given on a command line.

Without NumPy, so that flags are checked at once.
"""

import csv
import io
import re
import unicodedata


def natural_key(name):
    """Returns a key that sorts numbers in names by value: "2" before "10", "img2" before "img10"."""
    parts = re.split("([0-9]+)", name)
    parts[1::2] = [(len(each.lstrip("0")), each.lstrip("0")) for each in parts[1::2]]
    return parts, name


def visual_key(name):
    """Returns a key that is equal for names that look the same.

    It ignores how accents are composed (NFC, NFD), invisible characters, and extra spaces.
    """
    visible = (each for each in name if unicodedata.category(each) != "Cf")
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def quoted(names):
    """Returns names separated by commas, quoted where necessary, as flags take them (CSV)."""
    fields = [io.StringIO() for _ in names]
    for field, name in zip(fields, names):
        csv.writer(field, lineterminator="").writerow([name])
    return ", ".join(field.getvalue() for field in fields)
