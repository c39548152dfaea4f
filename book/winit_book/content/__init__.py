"""What a page says: chapters, explorers, folds, words of the themes, search."""
