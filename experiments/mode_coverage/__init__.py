"""Mode coverage: does a GAN find all modes of the data?"""
