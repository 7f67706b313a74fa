"""HTML pages: articles, listing pages and saved pages."""
