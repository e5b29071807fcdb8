"""What may be asked of planning: pydantic models."""
