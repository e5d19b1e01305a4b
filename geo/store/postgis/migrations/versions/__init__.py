"""One module a version; never changed once it is out."""
