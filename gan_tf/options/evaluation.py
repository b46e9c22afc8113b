"""How a run is scored while it trains."""

import dataclasses

from gan_tf.options.option import option
from gan_tf.registry import FEATURES, METRICS


@dataclasses.dataclass(frozen=True)
class EvaluationOptions:
    """When a run is scored, by what, and what follows from its scores."""

    evaluate_every: str | None = option(
        None,
        "Evaluation",
        "time between scores: 2epochs, 500steps; default: the run is not scored",
        free=True,
    )
    metric: tuple = option(
        (),
        "Evaluation",
        "what to score by; the first decides which checkpoint is best; default: fid",
        registry=METRICS,
        free=True,
    )
    features: str | None = option(
        None,
        "Evaluation",
        "what the metrics see of an image; default: by --dataset",
        registry=FEATURES,
        free=True,
    )
    inception_weights: str | None = option(
        None,
        "Evaluation",
        "file of Keras's InceptionV3 weights, for the features inception and inception_clean",
        path=True,
        free=True,
    )
    stop_when_no_better: int | None = option(
        None,
        "Evaluation",
        "end the run when the score has not become better so many times in a row",
        low=1,
        free=True,
    )
