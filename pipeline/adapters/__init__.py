"""One module per device. An adapter decides nothing."""
