"""Property tests draw the same few examples in every run."""

from hypothesis import settings

settings.register_profile("course", max_examples=25, derandomize=True, deadline=None, database=None)
settings.load_profile("course")
