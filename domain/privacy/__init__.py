"""What people ask of a company about their data: to have it, or to have it erased."""
