/* A page opened as a file may not read its neighbours, and to try is an error: then the hits come without summaries. */
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
