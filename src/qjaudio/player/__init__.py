"""The player: pages on which a listener without any app hears, reads and keeps the programme."""
