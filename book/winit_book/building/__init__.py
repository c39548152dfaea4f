"""The build: editions, executions, the site put together and swapped in."""
