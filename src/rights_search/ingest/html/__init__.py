"""HTML pages: articles, listing pages and chats."""
