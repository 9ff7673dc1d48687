"""What ``manage.py evaluate`` measures and how it says so."""
