"""Leadline: the agreement on what a marketing qualified lead is, as a definition that a machine can evaluate."""
