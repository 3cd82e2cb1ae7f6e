"""What happens when somebody looks for something, and when customers are looked after."""
