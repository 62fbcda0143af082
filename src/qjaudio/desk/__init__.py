"""The desk: an edition put right, heard and signed in a browser."""
