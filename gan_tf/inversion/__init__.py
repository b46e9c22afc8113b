"""Searching the latent space of a trained generator.

objectives.py         what a search minimizes: differences of pixels, of features, and others
run_objectives.py     objectives with the generator and discriminator of a run
critic.py             the discriminator, as a differentiable function of images
gibbs.py              Gibbs sampling of missing pixels with an encoder
spaces.py             what is searched: latents, or styles
search.py             the optimization: latents of many images, from several starts each
encoder.py            a network from images to latents, trained against the frozen generator
input_images.py       the images to work on: given ones, or held-out ones of the run's data set
reconstruction.py     the command invert
anomaly_detection.py  the command anomaly
restoration.py        the command restore
tasks.py              its tasks: inpainting and others
heat_map.py           heat maps over images
request.py            early checks that these commands share
"""
