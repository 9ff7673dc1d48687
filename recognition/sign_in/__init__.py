"""Who comes in: django-allauth's pages, with this service's limits, trail and words."""
