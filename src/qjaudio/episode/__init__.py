"""Episode: what is published. Clips become one tagged MP3 with chapters and cues."""
