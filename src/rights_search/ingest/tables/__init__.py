"""Tables, in text files or in workbooks: a post a row."""
