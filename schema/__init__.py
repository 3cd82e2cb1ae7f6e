"""What clients see: types, edges, inputs, payloads and errors, and nothing that does anything."""
