"""Warp stage: the page, or its ink alone, is bent; pixels and labels follow one map."""
