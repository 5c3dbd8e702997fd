"""What turns wishes into edits, scenes into requests, and answers into pictures."""
