"""How people and programs reach Leadline. Thin: a face parses, calls :mod:`leadline.app`, renders."""
