"""Feed: RSS, chapters, transcripts and notes as text (pure)."""
