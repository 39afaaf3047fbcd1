"""The machines that pictures are made on: the list of them, and which one is used."""
