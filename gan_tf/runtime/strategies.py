"""Strategies: the devices, on one or many machines, that train a run.

They are those of `tf.distribute`: each device has a copy of the model, a replica, which processes
its part of each batch, and gradients are averaged. --batch_size is the total over all replicas,
so that training is equivalent on any number of them.
"""

import json
import os
import re
import sys
import zlib

import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.messages import show
from gan_tf.registry import STRATEGIES
from gan_tf.runtime import replicas
from gan_tf.runtime.waiting import signals_end_it


class Workers:
    """The processes that train a run together, and this process's devices and index.

    Args:
        strategy: a `tf.distribute.Strategy`; None: a single device chosen by TensorFlow.
        worker: the index of this process, from 0.
        count: the number of processes.

    Attributes:
        chief: whether this is the first worker, whose run directory is the run's.
    """

    def __init__(self, strategy=None, worker=0, count=1):
        self.strategy = strategy or tf.distribute.get_strategy()
        self.worker = worker
        self.count = count
        self.chief = worker == 0
        self._gather = tf.function(self._gathered)

    @property
    def replicas(self):
        """The number of copies of the model in all processes."""
        return self.strategy.num_replicas_in_sync

    def check_batch(self, batch_size, packing=1):
        """Checks that a batch can be divided among the replicas.

        Raises:
            UserError: when it cannot.
        """
        unit = self.replicas * packing
        if batch_size % unit:
            packs = f" in packs of {packing}" if packing > 1 else ""
            near = max(1, batch_size // unit) * unit
            raise UserError(
                f"--batch_size={batch_size} cannot be divided among {self.replicas} replicas{packs}: "
                f"give --batch_size={near} or {near + unit}."
            )

    def feed(self, batches, batch_size, parts):
        """Returns the dataset for `fit` on these devices.

        Args:
            batches: rows -> a `tf.data.Dataset`; see `gan_tf.data.pipeline.batches`.
            batch_size: images per step, over all replicas.
            parts: the number of parts into which a step divides them.
        """
        if self.replicas == 1:
            return batches(None)
        rows = replicas.rows_per_replica(batch_size, parts, self.replicas)

        def feed(context):
            local = self.replicas // context.num_input_pipelines
            return batches(rows[context.input_pipeline_id * local :][:local])

        return self.strategy.distribute_datasets_from_function(feed)

    def agree_to_stop(self, stop, requested):
        """Returns whether any worker is to stop; waits for all workers.

        Args:
            stop: the `StopOnSignal`, which is updated if another worker has received a signal.
            requested: whether this worker is to stop without a signal.
        """
        largest = max(self.gather(int(stop.received or bool(requested))))
        if largest > 1:
            stop.received = stop.received or largest
        return largest > 0

    def check_same(self, *facts):
        """Checks that all workers have the same facts of the run.

        Raises:
            UserError: when they do not.
        """
        if len(set(self.gather(zlib.crc32(repr(facts).encode())))) > 1:
            raise UserError(
                "The workers differ in checkpoint, flags or data: start all with the same flags, and "
                "--run_dir on a shared file system."
            )

    def lost_worker_error(self, error):
        """Returns a `UserError` if a TensorFlow error means that a worker is lost, else None."""
        is_communication = "ollective" in str(error) or isinstance(
            error, tf.errors.UnavailableError
        )
        if self.count == 1 or not is_communication:
            return None
        return UserError(
            "Another worker has failed or cannot be reached, so this one has stopped too: see that "
            "worker's output, and restart all of them to resume from the last checkpoint "
            f"({_shortened(error)})."
        )

    def gather(self, number):
        """Returns the list of the workers' numbers; waits for all workers."""
        if self.count == 1:
            return [number]
        gathered = self._gather(tf.constant(number, tf.int64))
        of_all = self.strategy.experimental_local_results(gathered)[0].numpy()
        return [int(each) for each in of_all[:: self.replicas // self.count]]

    def _gathered(self, number):
        def each(mine):
            return tf.distribute.get_replica_context().all_gather(mine[None], axis=0)

        return self.strategy.run(each, args=(number,))


@STRATEGIES.register("mirrored")
def mirrored(devices: int = 0):
    """All GPUs of this machine, or the first `devices`; without a GPU, that many copies on the CPU.

    Args:
        devices: how many, 0 (default) for all GPUs.
    """
    gpus = tf.config.list_physical_devices("GPU")
    if devices < 0 or (gpus and devices > len(gpus)):
        raise UserError(
            f"--strategy=mirrored({devices}): this machine has {len(gpus)} GPUs; give mirrored for all."
        )
    if not gpus and not devices:
        raise UserError(
            "--strategy=mirrored finds no GPU that TensorFlow can use: leave it out, or give "
            "mirrored(2) to try it with two copies of the model on the CPU."
        )
    kind = "GPU" if gpus else "CPU"
    if not gpus:
        parts = [tf.config.LogicalDeviceConfiguration()] * devices
        tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], parts)
    names = [f"{kind}:{each}" for each in range(devices or len(gpus))]
    return Workers(tf.distribute.MirroredStrategy(names))


@STRATEGIES.register("multi_worker")
def multi_worker(resolver: str = "tf_config"):
    """Several processes, on one or many machines, named by $TF_CONFIG, or by Slurm: "slurm".

    Args:
        resolver: what names the processes, "tf_config" (default) or "slurm".
    """
    if resolver not in _RESOLVERS:
        raise UserError(
            f"--strategy=multi_worker({resolver!r}): unknown resolver; choose from: "
            f"{', '.join(_RESOLVERS)}."
        )
    try:
        cluster = _RESOLVERS[resolver]()
        addresses = cluster.cluster_spec().as_dict()
        _check_addresses(addresses)
        kind, number = cluster.task_type, int(cluster.task_id)
        chiefs, workers = (len(addresses.get(each, ())) for each in ("chief", "worker"))
        if kind not in ("chief", "worker") or number >= len(addresses.get(kind, ())):
            raise ValueError(f"this process, {kind} {number}, is not a worker of the cluster")
    except (KeyError, TypeError, AttributeError, ValueError, RuntimeError, OSError) as error:
        raise UserError(
            f"--strategy=multi_worker({resolver!r}) cannot determine the workers "
            f"({_shortened(error)}): {_ADVICE[resolver]}"
        ) from error
    worker, count = number + (chiefs if kind == "worker" else 0), chiefs + workers
    if count > 1:
        show(f"Worker {worker} waits for all {count}: {addresses}", file=sys.stderr)
    try:
        with signals_end_it():
            group = Workers(tf.distribute.MultiWorkerMirroredStrategy(cluster), worker, count)
            group.gather(0)
    except (tf.errors.OpError, RuntimeError, ValueError) as error:
        raise UserError(
            f"The workers {addresses} do not find each other ({_shortened(error)}): correct their "
            "addresses; each needs a free port that the others can reach."
        ) from error
    return group


def _check_addresses(kinds):
    """Raises a ValueError unless all addresses are host:port, and different.

    Args:
        kinds: {kind of process: its addresses}, as in $TF_CONFIG.
    """
    every = [each for addresses in kinds.values() for each in addresses]
    for each in every:
        found = re.fullmatch(r"([\w.-]+|\[[0-9a-fA-F:.]+\]):([0-9]{1,5})", each)
        if not found or not 0 < int(found[2]) < 1 << 16:
            raise ValueError(f"the address {each!r} is not host:port")
    if len(set(every)) < len(every):
        raise ValueError("an address is given twice")


def _of_environment():
    """The cluster of $TF_CONFIG; without it TensorFlow would assume a single process."""
    if not json.loads(os.environ.get("TF_CONFIG", "null")):
        raise ValueError("$TF_CONFIG is not set")
    return tf.distribute.cluster_resolver.TFConfigClusterResolver()


def _of_slurm():
    """The cluster of a Slurm job step; Slurm itself assigns the GPUs to the processes."""
    # TensorFlow's resolver would reassign GPUs, requires some, and sorts the nodes by name, not by
    # number; what it reads from the environment is right.
    tasks = tf.distribute.cluster_resolver.SlurmClusterResolver(
        gpus_per_node=_MAX_TASKS, gpus_per_task=1, auto_set_gpu=False
    )
    # Jobs on the same node have different numbers.
    port = 20_000 + int(os.environ.get("SLURM_JOB_ID", 0)) % 20_000
    addresses = [
        f"{host}:{port + task}"
        for host, count in tasks._task_configuration.items()
        for task in range(count)
    ]
    return tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": addresses}),
        task_type="worker",
        task_id=int(os.environ["SLURM_PROCID"]),
        num_accelerators={"GPU": len(tf.config.list_physical_devices("GPU"))},
        rpc_layer="grpc",
    )


_MAX_TASKS = 1024  # per node
_RESOLVERS = {"tf_config": _of_environment, "slurm": _of_slurm}
_ADVICE = {
    "tf_config": "set $TF_CONFIG in each process, or start them with python -m gan_tf.launch "
    "--workers=2 -- ...",
    "slurm": "start it with srun, or leave 'slurm' out and set $TF_CONFIG.",
}


@STRATEGIES.register("tpu")
def tpu(name: str = ""):
    """The TPU of this name, or the one named by the environment.

    Args:
        name: the TPU's name or address; default: that of the environment.
    """
    try:
        cluster = tf.distribute.cluster_resolver.TPUClusterResolver.connect(name)
        strategy = tf.distribute.TPUStrategy(cluster)
    except (ValueError, RuntimeError, OSError, tf.errors.OpError) as error:
        raise UserError(
            f"--strategy=tpu finds no TPU ({_shortened(error)}): leave it out, or "
            "give the name of one, as in --strategy=\"tpu('local')\"."
        ) from error
    if strategy.extended.num_hosts > 1:  # they cannot read images in this host's memory
        raise UserError("--strategy=tpu: this TPU has several hosts: give one with a single host.")
    return Workers(strategy)


def _shortened(error):
    return " ".join(str(error).split())[:200]
