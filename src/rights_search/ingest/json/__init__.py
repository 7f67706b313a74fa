"""JSON and JSON Lines: where the records of a document stand."""
