"""What the faces call. :mod:`~leadline.app.wiring` is the composition root; :mod:`~leadline.app.demo` is the demo company."""
