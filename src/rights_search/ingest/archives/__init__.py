"""Files that hold files: ZIP, tar and web archives."""
