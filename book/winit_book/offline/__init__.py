"""The course for a room without a network: a zip and a PDF of each edition."""
