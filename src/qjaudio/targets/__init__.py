"""Places where the show is published: what is sent there, in which order, and how."""
