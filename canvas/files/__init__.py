"""Files of scenes and pictures: OpenRaster, PNG with a scene, JSON; written whole or not at all."""
