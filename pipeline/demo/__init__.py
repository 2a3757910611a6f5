"""The embedded mail servers and the sample round."""
