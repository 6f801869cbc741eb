"""How the sample calls are made: a script, its voices, one mix, one recording."""
