"""The main window: what stands where, what is connected to what, menus, dialogs and the banner."""
