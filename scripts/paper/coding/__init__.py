"""Coded data: tables, interviews, claims, exchange with other programs, and what protects interviewees."""
