"""Threads that run pure jobs, and the jobs."""
