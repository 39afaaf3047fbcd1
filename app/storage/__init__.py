"""What the program keeps on disk between starts: results, unsaved scenes, the paths of models. No widgets."""
