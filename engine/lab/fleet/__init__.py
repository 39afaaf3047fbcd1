"""A day of many painters on a fleet of GPUs, on paper: who asks when, who waits how long, what it costs."""
