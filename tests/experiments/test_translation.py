"""The translation experiment: its trainings, its baselines, its table, and what is not run again."""

import dataclasses
import json

import numpy as np
import pytest

from experiments.translation import __main__ as translation
from experiments.translation import baselines, recipes
from gan_tf.options import flags, presets
from gan_tf.options.config import Config

PRESETS = [each for each in presets.names() if each.startswith("pix2pix-")]
FOLDERS = {"maps": "maps", "emoji": "emoji"}


def config(name, seed=0):
    words = recipes.words(name, FOLDERS, seed, "runs/translation")
    return flags.parse(Config, ["", *words], "")[0].resolve()


@pytest.mark.parametrize("name", recipes.ORDER)
def test_trainings_are_valid_runs_with_the_losses_of_their_names(name):
    made = config(name, 3)
    assert made.seed == 3 and made.run_dir == f"runs/translation/{name}-3"
    losses = name.rpartition("-")[2]
    assert (made.loss == "none") == (losses == "content")
    assert (list(made.content_loss) == ["none"]) == (losses == "adversarial")


def test_all_trainings_of_the_tasks_are_in_order():
    named = {
        f"{task}-{losses}"
        for task, each in recipes.TASKS.items()
        for losses in recipes.LOSSES
        if getattr(each, losses)
    }
    assert set(recipes.ORDER) == named and len(recipes.ORDER) == len(named)


def test_a_second_stage_starts_from_the_same_task_with_the_content_loss_alone():
    started = {name: config(name, 2).init_from for name in recipes.ORDER}
    second = {name: start for name, start in started.items() if start}
    assert "super_resolution-both" in second and "color-both" in second
    for name, start in second.items():
        first = name.replace("both", "content")
        assert start == config(first, 2).run_dir
        assert recipes.ORDER.index(first) < recipes.ORDER.index(name)


def pixels(seed, *shape):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def test_untranslated_images_have_the_shape_of_targets():
    source = pixels(0, 2, 4, 4, 1)
    shown = baselines.untranslated(source, pixels(1, 2, 8, 8, 3), None)
    assert shown.shape == (2, 8, 8, 3)
    assert np.array_equal(shown[:, ::2, 1::2, 2], source[..., 0])


def test_bicubic_interpolation_keeps_a_plain_image():
    plain = np.full((1, 4, 4, 3), 77, np.uint8)
    assert np.array_equal(
        baselines.bicubic(plain, pixels(0, 1, 16, 16, 3), None), np.full((1, 16, 16, 3), 77)
    )


def test_the_mean_chroma_map_is_that_of_equal_training_images():
    from gan_tf.data.cie_lab import gray_of_rgb
    from gan_tf.registry import MODALITIES

    modality = MODALITIES.build("image")
    target = np.clip(pixels(0, 1, 4, 4, 3), 90, 160)  # colors that sRGB has at any lightness near
    gray = modality.to_stored(np.asarray(gray_of_rgb(modality.to_network(target))))
    made = baselines.mean_chroma_map(gray, target, (None, target.repeat(3, axis=0)))
    assert np.abs(made.astype(int) - target).max() <= 2


def test_the_quadratic_fit_finds_a_quadratic_function():
    source = pixels(0, 3, 8, 8, 3)
    scaled = source / 127.5 - 1
    red, green, blue = np.moveaxis(scaled, -1, 0)
    target = np.stack([red * green, 0.5 * blue**2, 0.3 - 0.4 * red], axis=-1)
    target = np.rint((target + 1) * 127.5).astype(np.uint8)
    made = baselines.quadratic_fit(source, target, (source, target))
    assert np.abs(made.astype(int) - target).max() <= 1


def row(name, seed, psnr, losses):
    scores = {"psnr": psnr, "ssim": 0.5, "fid": 100.0, "color_histogram": 0.25}
    cost = {} if seed is None else {"images": 1000, "cpu_seconds": 90.0}
    return {"name": name, "seed": seed, "losses": losses} | scores | cost


def test_table_has_baselines_means_and_goals():
    found = [
        row("noise-content", 0, 28.0, "content"),
        row("noise-content", 1, 30.0, "content"),
        row("noise-baseline", None, 20.5, "noisy image"),
    ]
    assert translation.table(found)[2:] == [
        "| noise of 0.1 | noisy image | 20.50 | 0.500 | 100 | 0.250 |  |  |  |  |",
        "| noise of 0.1 | content | 29.00 ± 1.41 | 0.500 ± 0.000 | 100 ± 0 | 0.250 ± 0.000 | 1,000 ± 0 | "
        "90 ± 0 | 28.0 dB | 2 |",
    ]


def test_runs_that_are_there_are_not_run_again(tmp_path, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(translation, "_run", lambda _, name, seed: ran.append((name, seed)))
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row("noise-content", 1, 28.0, "content")) + "\n")
    chosen = ["--seeds=0", "--seeds=1", "--only=noise-content", "--only=noise-both"]
    assert translation.main(["", f"--out={path}", *chosen]) == 0
    assert ran == [("noise-content", 0), ("noise-both", 0), ("noise-both", 1)]
    assert "| noise of 0.1 | content | 28.00" in capsys.readouterr().out


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_trainings_of_the_experiment(preset):
    def facts(made):
        paths = {"run_dir": None, "init_from": bool(made.init_from)}
        return dataclasses.replace(made, **paths)

    made, _ = flags.parse(Config, ["", f"--preset={preset}"], "")
    assert facts(made.resolve()) in [facts(config(name)) for name in recipes.ORDER]
