"""Pages made from one source each: bibliography, glossary, misconceptions, tables."""
