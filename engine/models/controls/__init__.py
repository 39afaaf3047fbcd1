"""ControlNets: found, read, and at work beside a painted UNet."""
