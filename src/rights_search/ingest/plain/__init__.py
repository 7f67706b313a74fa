"""Plain texts: posts, press releases, chats and subtitles."""
