"""Documents in the Rich Text Format."""
