"""What people look at: the static report."""
