"""The engine of another machine: `server` runs there, `executor` here, and they talk over one WebSocket."""
