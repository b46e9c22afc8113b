"""Modalities: how samples of one kind are stored, scaled, shown and written; one file each.

A data set names its modality in the class attribute `modality`; `MODALITIES.build(name)` is the
object that everything else asks. `gan_tf.modalities.modality` documents the contract.
"""
