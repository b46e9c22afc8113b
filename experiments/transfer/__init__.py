"""Mode coverage: does a GAN find all of what there is?"""
