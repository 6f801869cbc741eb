"""The values that travel: frozen, slotted dataclasses with tuples. Imports nothing of the house."""
