"""The augmentation experiment: what the GANs see, its table, and that it goes on."""

import json

import numpy as np

from experiments import rows
from experiments.augmentation import __main__ as augmentation
from experiments.augmentation import work
from experiments.augmentation.gans import GANS, SETS, gan_config
from gan_tf.errors import UserError


def options(tmp_path):
    return augmentation.Options(runs=str(tmp_path))


def test_gans_of_few_images_see_no_others(tmp_path):
    configs = {gan: gan_config(options(tmp_path), gan, 3) for gan in GANS}
    few = configs.pop("few")
    assert few.dataset == "image_folder"
    assert few.image_dir.endswith("real-100-3")
    assert few.seed == 3
    assert not few.init_from
    for config in configs.values():
        assert (config.dataset, config.seed, config.max_images) == ("mnist", 0, None)
    assert configs["labeled"].conditional
    assert not configs["unlabeled"].conditional
    run_dirs = {gan_config(options(tmp_path), gan, seed).run_dir for gan in GANS for seed in (0, 1)}
    assert len(run_dirs) == 4


def test_every_set_and_none_are_in_the_table():
    assert {name for _, name in augmentation.WAYS.values()} == {None, *SETS}
    assert {gan for gan, _ in SETS.values()} == set(GANS)


def test_images_are_shifted_by_two_pixels_at_most():
    from experiments.augmentation.work import shifted

    pixels = np.zeros((500, 7, 7, 1), np.uint8)
    pixels[:, 3, 3] = 255
    found = shifted(pixels, np.random.default_rng(0))
    places = np.argwhere(found[..., 0])
    assert places[:, 0].tolist() == list(range(500))  # each has its point still
    assert {tuple(each) for each in places[:, 1:]} == {
        (y, x) for y in range(1, 6) for x in range(1, 6)
    }
    edge = np.zeros((50, 7, 7, 1), np.uint8)
    edge[:, 0, 0] = 255
    assert 0 < np.count_nonzero(shifted(edge, np.random.default_rng(0))) < 50  # not wrapped around


def test_results_that_are_there_are_not_made_again(tmp_path, monkeypatch, capsys):
    made = []

    class Work:
        def __init__(self, options):
            pass

        def accuracy(self, seed, shifts, name):
            made.append((seed, shifts, name))
            return 0.48 + 0.02 * seed

    from experiments.augmentation import work

    monkeypatch.setattr(work, "Work", Work)
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"way": "shifts", "seed": 1, "images": 100, "accuracy": 0.9}) + "\n")
    augmentation.main(["", f"--out={path}", "--seeds=2"])
    assert len(made) == 2 * len(augmentation.WAYS) - 1
    assert (1, True, None) not in made
    said = capsys.readouterr().out
    assert "| real images alone | 51.0% ± 1.4% | 2 |" in said
    assert "| shifts | 71.0% ± 26.9% | 2 |" in said
    assert "privileged" in said
    augmentation.main(["", f"--out={path}", "--seeds=2"])
    assert len(made) == 2 * len(augmentation.WAYS) - 1


def test_nothing_is_run_for_the_table(tmp_path, capsys):
    assert augmentation.main(["", f"--out={tmp_path}/none.jsonl", "--table"]) == 0
    assert "learned from" in capsys.readouterr().out


def test_what_could_not_be_made_is_told_and_not_tried_again(tmp_path, monkeypatch, capsys):
    class Work:
        def __init__(self, options):
            pass

        def accuracy(self, seed, shifts, name):
            if name == "few, filtered" and seed == 2:
                raise UserError("No image of '7' passed.")
            return 0.5

    monkeypatch.setattr(work, "Work", Work)
    command = ["augmentation", "--seeds=2", f"--out={tmp_path / 'results'}"]
    assert augmentation.main(command) == 0
    line = (
        "| shifts, GAN of the same images, filtered | 50.0%; 1 of 2 seeds could not be made | 2 |"
    )
    assert line in capsys.readouterr().out
    found = rows.read(tmp_path / "results")
    assert [row["why"] for row in found if row["accuracy"] is None] == ["No image of '7' passed."]
    monkeypatch.delattr(work, "Work")  # which nothing is left for
    assert augmentation.main(command) == 0
