"""The public test kit: drawn pictures and the conformance tests of every plug-in."""
