#!/bin/bash
# Trains on three nodes of a Slurm cluster, a process on each:
#
#   sbatch experiments/cluster/slurm.sh --dataset=celeb_a --arch=dcgan --run_dir=$SCRATCH/celeb_a
#
# The flags are those of gan_tf.main. The run directory has to be on a file system that all nodes
# share. Before the time is over Slurm sends SIGTERM: the run saves a checkpoint, and the same command
# goes on from it.
#SBATCH --job-name=gan_tf
#SBATCH --nodes=3
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=8
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120
#SBATCH --output=gan_tf-%j.log
# With GPUs, one for each process: #SBATCH --gpus-per-task=1
set -euo pipefail
srun --kill-on-bad-exit=1 python -m gan_tf.main --strategy="multi_worker('slurm')" "$@"
