"""Detection of coordinate, date, label and id columns, and of known schemas."""
