"""Answers that a language model writes from passages: prompted, streamed, cited and checked."""
