"""Degrade stage: wear on the final pixels. ``apply(params, image) -> image``: uint8 (H, W, 3), RGB, never in place."""
