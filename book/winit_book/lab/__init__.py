"""The Init Lab: its page, and what its scripts are told of `winit`."""
