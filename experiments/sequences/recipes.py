"""The corpora: how their runs are trained, and what these are scored with."""

import dataclasses

_JUDGE = "--discriminator_optimizer=adam(1e-4,beta_1=0.9)"
_ADAM = (
    "--generator_optimizer=adam(0.01,beta_1=0.9) --pretraining_optimizer=adam(0.01,beta_1=0.9) "
    f"{_JUDGE}"
)
_BATCHES = "--batch_size=64 --discriminator_steps=20 --precision=float32"
_POLICY = f"--arch=lstm(width=32) --trick=gradient_clipping(5) {_BATCHES} {_ADAM}"
_WIDE = (
    "--gan=seqgan --reward=none --arch=lstm(width=128) --trick=gradient_clipping(5) --trick=lr_decay "
    f"--pretraining_optimizer=adam(3e-3,beta_1=0.9) {_BATCHES}"
)
_CRITIC = (
    "--arch=resnet1d --width=64 --loss=wasserstein --penalty=wgan_gp(10) --discriminator_steps=5 "
    "--batch_size=64 --generator_optimizer=adam(5e-4,beta_1=0.5,beta_2=0.9) "
    "--discriminator_optimizer=adam(5e-4,beta_1=0.5,beta_2=0.9)"
)
_BLEU = tuple(f"{name}_{n}({{0}})" for name in ("bleu", "self_bleu") for n in (2, 3, 4, 5))
_KMERS = tuple(f"kmer_js_{n}({{0}})" for n in range(1, 7))
_TEXT = (*_BLEU, "bleu_2(500)", "self_bleu_2(500)", "distinct({0})", "nearest_sequence")


@dataclasses.dataclass(frozen=True)
class Corpus:
    """Data, the runs on them, and their scores.

    Attributes:
        data: flags of the data; {files} stands for their folder.
        models: {name: further flags}; another name in braces stands for the run directory of
            that model with the same seed.
        metrics: specs; {0} stands for the number of sequences.
        extra: a function of `corpus_scores` that returns further scores; None: none.
    """

    data: str
    models: dict
    metrics: tuple
    extra: str | None = None


CORPORA = {
    "poems": Corpus(
        "--dataset=text_file --text_file={files}/poems_train.txt --test_file={files}/poems_test.txt "
        "--rhymes={files}/rhymes.txt",
        {
            "mle": f"--gan=seqgan --reward=none {_POLICY} --steps=700",
            "seqgan": "--gan=seqgan(mle=0,discriminator_only=40) --reward=rollout(8,lag=0.0) "
            f"--init_from={{mle}} {_POLICY} --steps=240",
            "seqgan, baseline": "--gan=seqgan(mle=0,discriminator_only=40) "
            f"--reward=rollout(8,lag=0.0,baseline='batch') --init_from={{mle}} {_POLICY} --steps=240",
            "wide": f"{_WIDE} --steps=250",
            "wide, longer": f"{_WIDE} --steps=500",
            "wide_seqgan": "--gan=seqgan(mle=0,discriminator_only=20) --reward=rollout(4,lag=0.0) "
            "--init_from={wide} --arch=lstm(width=128) --trick=gradient_clipping(5) "
            f"--generator_optimizer=adam(1e-3,beta_1=0.9) {_JUDGE} {_BATCHES} --steps=50",
        },
        (*_TEXT, "line_form({0})", "rhyme({0})"),
    ),
    "coco": Corpus(
        "--dataset=text_file --text_file={files}/coco_train.txt --test_file={files}/coco_test.txt",
        {
            "mle": f"--gan=seqgan --reward=none {_POLICY} --steps=625",
            "seqgan": "--gan=seqgan(mle=0,discriminator_only=40) --reward=rollout(4,lag=0.0) "
            f"--init_from={{mle}} {_POLICY} --steps=240",
            "slow_seqgan": "--gan=seqgan(mle=0,discriminator_only=40) --reward=rollout(4,lag=0.0) "
            "--init_from={mle} --arch=lstm(width=32) --trick=gradient_clipping(5) "
            f"--generator_optimizer=adam(1e-3,beta_1=0.9) {_JUDGE} {_BATCHES} --steps=80",
            "gumbel": "--arch=gumbel_lstm --width=64 --loss=relativistic --trick=gumbel_annealing(0.1) "
            "--spectral_norm=discriminator --batch_size=64 --steps=3000 "
            "--generator_optimizer=adam(1e-3) --discriminator_optimizer=adam(4e-4)",
        },
        _TEXT,
    ),
    "motifs": Corpus(
        "--dataset=motifs",
        {
            "wgan_gp": f"{_CRITIC} --steps=6000",
            "decayed": f"{_CRITIC} --init_from={{wgan_gp}} --trick=lr_decay --trick=ema(0.999) "
            "--steps=2000",
        },
        (
            *_KMERS,
            *("grammatical({0})", "motif_recall({0})", "motif_precision({0})"),
            *("motif_position({0})", "gc({0})", "nearest_sequence"),
        ),
    ),
    "planted": Corpus(
        "--dataset=fasta_file --fasta_file={files}/planted.fasta "
        "--test_file={files}/planted_test.fasta",
        {"wgan_gp": f"{_CRITIC} --steps=6000"},
        (*_KMERS, "gc({0})", "nearest_sequence"),
        "planted_scores",
    ),
    "splice": Corpus(
        "--dataset=fasta_file --fasta_file={files}/splice_train.fasta "
        "--test_file={files}/splice_test.fasta",
        {"wgan_gp": f"{_CRITIC} --conditional=projection --steps=6000"},
        (*_KMERS, "gc({0})", "nearest_sequence"),
        "splice_scores",
    ),
    "peptides": Corpus(
        "--dataset=fasta_file --fasta_file={files}/amp_train.fasta --test_file={files}/amp_test.fasta "
        "--length=32",
        {
            "wgan_gp": f"{_CRITIC} --steps=3000",
            "feedback": f"{_CRITIC} --init_from={{wgan_gp}} --steps=1500 "
            "--trick=feedback('{files}/amp.keras',threshold=0.8,every=100,samples=1000,memory=5000)",
        },
        (*_KMERS[:3], "charge({0})", "hydrophobic_moment({0})", "nearest_sequence"),
        "peptide_scores",
    ),
}
NAMES = tuple(f"{name}-{model}" for name, each in CORPORA.items() for model in each.models)


def words(name, seed, files, runs):
    """Returns the flags of a run, a list.

    Args:
        name: one of `NAMES`.
        seed: of everything random.
        files, runs: folders.
    """
    corpus, model = name.split("-", 1)
    of = CORPORA[corpus]
    places = {each: folder(runs, f"{corpus}-{each}", seed) for each in of.models}
    places["files"] = files
    text = f"{of.data} {of.models[model]} --keep=1 --seed={seed}".format(**places)
    return [*text.split(), f"--run_dir={folder(runs, name, seed)}"]


def folder(runs, name, seed):
    """Returns the run directory of a run."""
    return f"{runs}/{name.replace(', ', '-')}-{seed}"
