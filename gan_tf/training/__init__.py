"""The training loop, its callbacks, the health verdict, rollback and transfer."""
