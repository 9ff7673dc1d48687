"""What `manage.py benchmark` can measure: a module each, with HELP, add_arguments and run."""
