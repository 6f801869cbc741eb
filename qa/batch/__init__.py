"""The batch: many calls through one recipe, by an executor that outlives any of its workers."""
