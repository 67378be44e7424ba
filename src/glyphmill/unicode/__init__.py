"""What Unicode says about text before any font sees it: clean text, clusters, direction, scripts, orientation."""
