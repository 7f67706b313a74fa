"""From what a caller asks to what is given back: results, facets, timelines, explanations."""
