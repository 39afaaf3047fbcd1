"""Pages and plots of what the labs found."""
