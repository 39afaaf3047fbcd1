"""What the program remembers between starts: typed values, the file they lie in, and what an older file told."""

from app.preferences.machines import RemoteMachine
from app.preferences.store import Preferences
from app.preferences.values import RECENT_LIMIT, Preset, Purpose, Values

__all__ = ["RECENT_LIMIT", "Preferences", "Preset", "Purpose", "RemoteMachine", "Values"]
