"""Sources: where pages come from. A source reads; it does no journalism."""
