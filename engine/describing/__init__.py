"""What a picture shows, as a prompt whose words are painted: by the recogniser, or by a model's own eyes."""
