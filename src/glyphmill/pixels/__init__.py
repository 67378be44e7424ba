"""What pixel kernels are made of: one family a module. ``glyphmill.effects`` is their public face."""
