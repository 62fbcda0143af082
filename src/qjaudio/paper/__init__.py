"""Print: what is on the page. Pages become an issue of articles (pure)."""
