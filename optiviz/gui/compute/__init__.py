"""Threads that run pure jobs, whatever these are."""
