"""The command line: arguments become settings, and everything is put together here and nowhere else."""
