"""`python -m app` is `wordbrush`."""

import sys

from app.cli import main

sys.exit(main())
