"""Warps of a page as maps of the plane: one family a module, each map made from a page's size and plain numbers.

Every map here is defined on the whole plane, smooth, nowhere folded, and the same for the same values. A map that
would fold is weakened as a whole until it does not; where and how is said by the function that makes it.
"""
