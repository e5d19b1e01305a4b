"""Taking it away: data files, citations, pictures and slides, all made from one Selection."""
