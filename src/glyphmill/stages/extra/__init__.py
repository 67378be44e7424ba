"""What is written beside an image on request: masks of its text, and score maps for detectors."""
