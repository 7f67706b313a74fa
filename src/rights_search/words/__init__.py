"""Words: their inflections and roots, their script, and how names are written in another."""
