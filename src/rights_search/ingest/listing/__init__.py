"""Plain-text dumps of listing pages: many posts in one file."""
