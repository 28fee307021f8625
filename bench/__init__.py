"""Measurements of the portal: `python -m bench`. Each figure stands beside a floor measured in the same run."""
