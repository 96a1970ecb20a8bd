"""PDF to sealed PDF, sealed PDF to verdict: keys, the seal's image, PAdES, verification."""
