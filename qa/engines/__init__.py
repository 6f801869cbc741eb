"""The engines, one file each: words from sound (transcribers) and who spoke when (diarisers)."""
