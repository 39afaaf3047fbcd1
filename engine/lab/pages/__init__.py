"""The labs' HTML reports and their plots."""
