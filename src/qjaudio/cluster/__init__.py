"""Dates over machines: dask.distributed does the spreading, the pipeline the work."""
