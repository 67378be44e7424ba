"""Effects stage: what happens to ink before it meets paper. ``apply(params, inked: Inked) -> Inked``."""
