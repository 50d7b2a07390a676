"""What an evaluation gives: verdicts, reasons, open points, provenance, and their words."""
