from rest_framework.pagination import CursorPagination


class ByCreation(CursorPagination):
    """Oldest first, steady while rows are added."""

    ordering = "id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


class NewestFirst(ByCreation):
    ordering = "-id"
