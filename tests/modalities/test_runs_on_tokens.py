"""A run on sequences, from training to export: everything asks the modality."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf import evaluate, export, generate
from gan_tf.data.motifs import Motifs
from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from tests.training.trained import cut

pytestmark = pytest.mark.slow

OPTIONS = dict(
    dataset="motifs",
    arch="resnet1d(width=4, relaxation='gumbel')",
    latent_dim=48,
    loss="wasserstein",
    penalty=("wgan_gp(10)",),
    conditional="projection",
    trick=("ema(0.9)",),
    batch_size=16,
    steps=60,
    precision="float32",
    deterministic=True,
    sample_every="20steps",
    checkpoint_every="20steps",
    log_every="20steps",
    evaluate_every="60steps",
    metric=("grammatical(100)", "kmer_js_2(100)"),
)


def train(folder, **changes):
    config = Config(run_dir=str(folder), **OPTIONS | changes).resolve()
    assert loop.train(config) == 0
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(tmp_path_factory.mktemp("tokens") / "run")


def state(run):
    reader = tf.train.load_checkpoint(str(run / "checkpoints" / "00000060" / "state"))
    names = set(reader.get_variable_to_shape_map()) - {"_CHECKPOINTABLE_OBJECT_GRAPH"}
    return {name: reader.get_tensor(name) for name in names}


def test_its_snapshots_are_lines_of_text(run):
    shots = sorted((run / "samples").glob("step-*.txt"))
    assert [int(each.stem[5:]) for each in shots] == [0, 20, 40, 60]
    lines = [each.read_text().splitlines() for each in shots]
    assert {len(each) for each in lines} == {16}  # 8 of each class
    assert all(set(line) <= set("ACGT") and len(line) == 40 for each in lines for line in each)
    reals = (run / "samples" / "reals.txt").read_text().splitlines()
    first = next(Motifs().batches())["tokens"][0]
    assert reals[0] == "".join("ACGT"[each] for each in first)
    history = (run / "samples" / "history.txt").read_text()
    assert history.startswith(f"       0  {lines[0][0]}\n      20  {lines[1][0]}\n")


def test_its_vocabulary_is_saved(run):
    facts = json.loads((run / "data.json").read_text())
    assert facts["traits"] == Motifs.traits and facts["sample_shape"] == [40]
    assert TrainedRun(run).modality.vocabulary == ("A", "C", "G", "T")


def test_it_is_scored_during_training(run):
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    logged = {name for row in rows for name in row}
    assert {"grammatical", "kmer_js_2"} <= logged


def test_a_resumed_run_ends_like_one_that_was_not_interrupted(run, tmp_path):
    other = train(cut(run, tmp_path / "other", 40))
    ours, theirs = state(other), state(run)
    assert ours.keys() == theirs.keys() and len(ours) > 40
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    for name in ("step-00000060.txt", "history.txt"):
        assert (other / "samples" / name).read_bytes() == (run / "samples" / name).read_bytes()


def test_generate_writes_fasta_text_and_arrays_alike(run, tmp_path):
    made = {}
    for suffix in ("fasta", "txt", "npz"):
        out = tmp_path / f"made.{suffix}"
        words = [f"--run_dir={run}", "--num_images=70", "--seed=3", "--label=1", f"--out={out}"]
        assert generate.main(["", *words]) == 0
        made[suffix] = out
    lines = made["txt"].read_text().splitlines()
    records = made["fasta"].read_text().split(">")[1:]
    assert [each.partition("\n")[2].replace("\n", "") for each in records] == lines
    assert records[69].startswith("70 seed=3 number=69 label=1\n")
    with np.load(made["npz"]) as arrays:
        texts = ["".join("ACGT"[token] for token in row) for row in arrays["sequences"]]
        assert texts == lines and arrays["sequences"].dtype == np.int32
        assert arrays["label"].tolist() == [1] * 70
    assert len(set(lines)) > 60


def test_evaluate_scores_it_by_what_its_data_know(run, tmp_path):
    words = [f"--run_dir={run}", "--num_images=50", f"--json={tmp_path / 'scores.json'}"]
    assert evaluate.main(["", *words]) == 0
    found = json.loads((tmp_path / "scores.json").read_text())["metrics"]
    wanted = {"grammatical", "motif_recall", "motif_position", "gc", "bleu_5", "self_bleu_2", "fid"}
    assert wanted <= found.keys() and not {"nll_oracle", "ms_ssim", "swd"} & found.keys()
    assert found["grammatical"]["floor"] == 1 and found["grammatical"]["ceiling"] < 0.1


def test_data_of_another_vocabulary_are_refused(run):
    with pytest.raises(UserError, match="'sentences' has another vocabulary, or sample rate, than"):
        evaluate.main(["", f"--run_dir={run}", "--dataset=sentences"])


def test_an_export_is_checked_and_has_the_vocabulary(run, capsys):
    assert export.main(["", f"--run_dir={run}", "--format=saved_model", "--dtype=int32"]) == 0
    assert "the values of 8 sequences differ from the run's, in float32, by at most 0 of 3" in (
        capsys.readouterr().out
    )
    folder = run / "exported" / "saved_model-int32"
    assert (folder / "vocabulary.txt").read_text() == "A\nC\nG\nT\n"
    assert "lines of `vocabulary.txt`" in (folder / "MODEL_CARD.md").read_text()
    functions = tf.saved_model.load(str(folder / "saved_model")).signatures
    latents = keras.random.normal((3, 48), seed=0)
    made = functions["serving_default"](latent=latents, label=tf.constant([0, 1, 0]))["sequences"]
    assert (made.shape, made.dtype) == ((3, 40), tf.int32)
    np.testing.assert_array_equal(made, TrainedRun(run).samples(np.array(latents), [0, 1, 0]))
