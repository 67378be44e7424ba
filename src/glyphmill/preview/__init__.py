"""Contact sheets: many samples at a glance, as one PNG or one HTML file. Import from the submodules."""
