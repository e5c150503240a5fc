"""The final letter of a complaint."""
