"""Trains the network of --features=celeb_a_attributes on the training split of CelebA."""

import time

import keras
import numpy as np

from experiments.features import training
from gan_tf.data import pipeline
from gan_tf.data.examples import collect
from gan_tf.features import pretrained
from gan_tf.features.celeb_a_attributes import CelebAAttributes
from gan_tf.registry import DATASETS


def main():
    options = training.parse(__doc__, epochs=20)
    start = time.time()
    keras.utils.set_random_seed(options.seed)
    source = DATASETS.build("celeb_a")
    examples = pipeline.load(source)
    model = CelebAAttributes.network()
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    training.fit(model, examples, loss, options, batch_size=64, shift=4, flip=True)

    for split in ("validation", "test"):
        arrays = collect(source.batches(split))
        labels = arrays["label"]
        right = (training.predict(model, arrays["image"])[1] > 0) == labels
        # Of attributes that no image of the split has, or all have, there is only one rate.
        rates = [np.ma.masked_array(right, labels != each).mean(0) for each in (True, False)]
        balanced = np.ma.mean(np.ma.stack(rates), axis=0).mean()
        print(f"{split}: accuracy {right.mean():.2%}, balanced {balanced:.2%}")
    pretrained.save(options.out, model, *training.unit(model, examples.samples[:4_000]))
    print(f"Written after {time.time() - start:.0f} s: {options.out}")


if __name__ == "__main__":
    main()
