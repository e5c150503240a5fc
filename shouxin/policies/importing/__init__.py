"""The mirror brought up to date from a file of the core system: columns, reading, taking over."""
