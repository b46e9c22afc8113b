"""The likelihood of held-out data under the generator."""

import numpy as np

from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, standard_error
from gan_tf.registry import METRICS


@METRICS.register("nll_test")
class HeldOutLikelihood(TokenMetric):
    """Negative log-likelihood of held-out sequences under the generator, in nats per token.

    Unlike likelihoods of samples under an oracle, it is high where the generator leaves out what the
    data have. A sequence's end counts as a token, and what fills the row after it does not. The floor is
    that of the true distribution if the data set knows it, else 0; the ceiling that of uniform tokens.

    Source: de Masson d'Autume et al., 2019 (https://arxiv.org/abs/1905.09922), section 5.
    """

    needs = ("held_out_nll",)
    knows = ("density",)
    higher_is_better = False

    def score(self, real, fake):
        del real
        values = np.asarray(fake.held_out_nll)
        return Score(float(values.mean()), standard_error(values))
