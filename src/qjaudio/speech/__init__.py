"""Speech: utterances and clips, and what an engine is (pure)."""
