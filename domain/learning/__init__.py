"""What the assistant learns from: answers that people wrote, questions it had no answer for, and tests it must pass."""
