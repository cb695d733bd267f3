"""How things look: one palette for browser, files and paper."""
