"""The commands, a file for each subject. They enter themselves into the table of ``registry.py``."""
