"""Pages made from one source each: bibliography, claims, glossary, tables."""
