"""The practitioners' brief: its PDF, what its sentences stand on, how its readers reach the paper."""
