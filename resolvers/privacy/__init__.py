"""What happens when somebody asks for a customer's data, or to erase them."""
