"""Where the bundled program starts: the command line, and the one thing that a bundle cannot do with `python -c`."""

from __future__ import annotations

import multiprocessing
import sys

multiprocessing.freeze_support()

if sys.argv[1:] == ["--try-qt"]:  # app.cli.display_check asks it of a process of its own
    from PySide6.QtGui import QGuiApplication

    QGuiApplication(["wordbrush"])
    sys.exit(0)

from app.cli.main import main  # noqa: E402  (after freeze_support, which must come first)

sys.exit(main())
