"""What a config may say, and how it is read. Import from the submodules: this package loads nothing by itself."""
