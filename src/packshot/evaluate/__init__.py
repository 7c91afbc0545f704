"""Measures (pixels to facts), checks (facts to findings) and the judge that applies checks to whole tables."""
