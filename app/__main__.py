"""`python -m app` is `wordbrush`."""

import sys

from app.cli.main import main

sys.exit(main())
