"""The tests: one file per module, the project itself, the notebooks, and the pages."""
