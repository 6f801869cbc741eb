"""Rubrics: read, validated with every error at once, linted, tried on their own examples, compared."""
