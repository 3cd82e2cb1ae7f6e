"""What goes out: kept in Postgres until it is carried, or given up."""
