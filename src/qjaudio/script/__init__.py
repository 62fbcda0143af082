"""Script: what is said. An issue becomes lines with their spoken form and readings (pure)."""
