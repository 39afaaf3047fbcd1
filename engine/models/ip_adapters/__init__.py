"""IP-Adapters: found, read, and what they make of style pictures for a painted UNet."""
