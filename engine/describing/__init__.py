"""What a picture shows, as a prompt whose words are painted: by the starter's segmenter, or by a model's own eyes."""
