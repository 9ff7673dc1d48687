"""The web server: waitress, which takes whole requests before a thread is spent on them, with
deadlines, admission control, a health port and a stop that lets everybody finish."""
