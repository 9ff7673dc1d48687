from tests.services.conftest import memory_broker

__all__ = ["memory_broker"]
