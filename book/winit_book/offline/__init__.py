"""The course without a network: `python -m winit_book.offline` makes a zip and a PDF for paper."""
