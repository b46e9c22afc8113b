"""Modalities: how a kind of sample is stored, scaled, displayed and written; one file each.

A data set names its modality in the class attribute `modality`; all other code uses the object
`MODALITIES.build(name)`. `gan_tf.modalities.modality` documents the contract.
"""
