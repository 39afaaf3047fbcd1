"""`python -m engine.teaching`: see `engine.teaching.command`."""

from engine.surroundings import own_process
from engine.teaching.command import main

if __name__ == "__main__":
    own_process()
    raise SystemExit(main())
