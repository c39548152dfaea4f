/* A page opened as a file may not read its neighbours, and the try would be an error: then hits come without summaries. */
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
