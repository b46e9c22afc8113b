"""The discriminator of SeqGAN: a convolutional network over the tokens of a sequence."""

import keras
from keras import layers

# {filter length: number of filters}, for 32 units in the generator.
FILTERS = {1: 100, 2: 200, 3: 200, 4: 200, 5: 200, 6: 100, 7: 100, 8: 100, 9: 100, 10: 100}
FILTERS |= {15: 160, 20: 160}
EMBEDDING = 64
DROPOUT = 0.25
_UNITS = 32


def text_cnn(tokens, vocabulary, width=_UNITS):
    """Returns a discriminator's logits for sequences.

    An embedding; convolutions over 1 to 20 tokens, each with its maximum over all positions; a highway
    layer (Srivastava et al., 2015); dropout; a linear layer, with L2 regularization.

    Source: https://arxiv.org/abs/1609.05473, appendix, with the constants of the authors' code. Its two
    outputs with softmax are one logit, their difference, here: the standard deviation of its initial
    weights is sqrt(2) times theirs, and its regularization has the weight that gives the same optimum.

    Args:
        tokens: a Keras tensor, int (batch, length), an input.
        vocabulary: the number of tokens.
        width: 32 stands for the published numbers of filters and values, others for proportional ones.

    Returns:
        A Keras tensor (batch, 1), float32, of a layer named "logits". A layer named "features" is the
        input of the linear layer.
    """
    length = tokens.shape[-1]
    embedded = layers.Embedding(
        vocabulary, scaled(EMBEDDING, width), keras.initializers.RandomUniform(-1.0, 1.0)
    )(tokens)
    pooled = []
    for size, filters in FILTERS.items():
        if size <= length:
            found = layers.Conv1D(
                scaled(filters, width),
                size,
                activation="relu",
                kernel_initializer=keras.initializers.TruncatedNormal(0.0, 0.1),
                bias_initializer=keras.initializers.Constant(0.1),
            )(embedded)
            pooled.append(layers.GlobalMaxPooling1D()(found))
    features = layers.Concatenate()(pooled) if len(pooled) > 1 else pooled[0]
    features = layers.Dropout(DROPOUT, name="features")(_highway(features))
    return layers.Dense(
        1,
        kernel_initializer=keras.initializers.TruncatedNormal(0.0, 0.1 * 2**0.5),
        # 0.2 (|v|^2 + |w|^2) / 2 beside the mean loss of reals and fakes, where v = -w, and the logit
        # has the weights v - w; beside the sum of both losses it counts twice.
        kernel_regularizer=keras.regularizers.L2(0.1),
        dtype="float32",
        name="logits",
    )(features)


def _highway(x):
    """A gate between the input and a hidden layer: t relu(W x + b) + (1 - t) x."""
    units = x.shape[-1]
    hidden = layers.Dense(units, activation="relu")(x)
    gate = layers.Dense(units, activation="sigmoid")(x)
    return layers.Add()([x, layers.Multiply()([gate, layers.Subtract()([hidden, x])])])


def scaled(count, width):
    """Returns a published number for a width; 32 stands for the published one."""
    return max(1, round(count * width / _UNITS))
