"""The build: editions, executions, the site put together and swapped in."""

import sys

# Its grammars take longer to import than a page to build; jsonschema asks it whether addresses are well formed.
sys.modules.setdefault("rfc3987_syntax", None)
