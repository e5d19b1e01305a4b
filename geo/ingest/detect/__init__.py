"""What a file leaves unsaid: columns of coordinates and dates, roles, known schemas."""
