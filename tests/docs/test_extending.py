"""The templates of the page about extending, put together as a plug-in, work in real commands."""

import re

import pytest

from gan_tf import registry
from tests import forks
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "extending.md").read_text()
BLOCKS = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)
PLUGGED = re.search(r"GAN_TF_PLUGINS=my_parts python -m gan_tf\.(main .+)", PAGE)[1]
SCRIPT = """
import gan_tf.evaluate, gan_tf.export, gan_tf.generate, gan_tf.main, gan_tf.restore

for command, *arguments in COMMANDS:
    assert getattr(gan_tf, command).main([command, *arguments]) == 0, command
"""
COMMANDS = [
    f"{PLUGGED} --steps=1 --cache_dir=cache",
    "main --run_dir=curves --dataset=sines --gan=simultaneous --arch=mlp(width=8) --batch_size=50 "
    "--steps=3 --cache_dir=cache",
    "main --run_dir=slopes --dataset=sines --representation=slopes --arch=mlp(width=8) --batch_size=50 "
    "--steps=3 --cache_dir=cache",
    "generate --run_dir=curves --num_images=5 --out=curves.npz",
    "main --run_dir=pairs --dataset=stripes --gan=pix2pix --pair_by=downscale(4) --arch=two_layers "
    "--discriminator=quarters(width=8) --content_loss=charbonnier(10) --batch_size=50 --steps=2 "
    "--cache_dir=cache",
    "main --run_dir=run --dataset=stripes --arch=shallow(width=8) --image_size=16 --conditional=one_hot "
    "--loss=smooth_hinge --penalty=drift --trick=brightness(0.1) --prior=laplace --batch_size=100 "
    "--generator_optimizer=nadam --tracker=table --steps=3 --cache_dir=cache",
    "generate --run_dir=run --num_images=7 --format=raw --reject=best_half --out=seven.raw",
    "evaluate --run_dir=run --num_images=50 --metric=mean_distance --features=histogram --json=s.json",
    "export --run_dir=run --format=weights --out=exported",
    "restore --run_dir=run --dataset --num_images=2 --steps=2 --task=inpaint --mask=border(2) "
    "--objective=color",
    "restore --run_dir=run --dataset --num_images=2 --steps=2 --task=deblur",
    "main --run_dir=words --dataset=sentences --gan=seqgan(mle=1,discriminator_only=1) --width=4 "
    "--reward=verdict --steps=3 --cache_dir=cache",
]


def test_each_registry_is_in_the_table():
    variables = {
        name for name, each in vars(registry).items() if isinstance(each, registry.Registry)
    }
    rows = re.findall(r"^\| .+ \| `([A-Z_]+)` \| .+ \|$", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(variables)


def test_the_table_names_the_place_of_each_registry():
    for variable, place in re.findall(r"^\| .+ \| `([A-Z_]+)` \| .*`(.+)` \|$", PAGE, re.MULTILINE):
        home = getattr(registry, variable).home.replace(".", "/")
        assert place in (f"{home}.py", f"{home}/") and (ROOT / place).exists(), variable


@pytest.mark.slow
def test_the_templates_work_as_a_plug_in(tmp_path):
    (tmp_path / "my_parts.py").write_text("\n\n".join(BLOCKS))
    script = f"COMMANDS = {[each.split() for each in COMMANDS]!r}\n{SCRIPT}"
    (tmp_path / "commands.py").write_text(script)
    environment = {"GAN_TF_PLUGINS": "my_parts", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = forks.run("commands", [], environment, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "seven.raw").stat().st_size == 7 * 16 * 16
    assert (tmp_path / "exported" / "generator.weights.h5").is_file()
    assert '"mean_distance"' in (tmp_path / "s.json").read_text()
    names = re.findall(r'@[A-Z]+\.register\("(\w+)"\)', PAGE)
    tried = " ".join(COMMANDS)
    assert len(names) > len(BLOCKS)
    assert all(name in tried for name in names)
