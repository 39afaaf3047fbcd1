"""The models dialog: what is installed, adding, checking, downloading and removing."""
