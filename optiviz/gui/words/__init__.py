"""What is said: captions, sentences and numbers."""
