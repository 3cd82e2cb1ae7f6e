"""What the assistant may do: tools, their calls, actions that wait for approval, and proofs of who asks."""
