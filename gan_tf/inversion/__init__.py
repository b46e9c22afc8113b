"""Searching the latent space of a trained generator.

objectives.py  what a latent is judged by: pixels, the discriminator's features, the prior
critic.py      the discriminator, as a differentiable function of images
of_run.py      the objectives of a run: its generator, its discriminator
search.py      the one optimisation: latents of many images, from several starts each
encoder.py     a network from images to latents, trained against the frozen generator
pictures.py    the images to work on: a folder, or the run's own held-out ones
invert.py detect.py restore.py    what the commands of these names do
tasks.py masks.py                 what is wrong with images that are to be restored
quality.py ranking.py heat.py     PSNR and SSIM; AUROC and AUPRC; heat maps
options.py     the flags that the commands share
"""
