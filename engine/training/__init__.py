"""Commands that train what ships."""
