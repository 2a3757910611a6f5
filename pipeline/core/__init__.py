"""What a message means and what follows from it: pure functions over frozen values, no device, no clock."""
