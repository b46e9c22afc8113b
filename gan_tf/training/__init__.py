"""The training loop, its callbacks, health monitoring, rollback and transfer."""
