def text(response) -> str:
    return " ".join(response.content.decode().split())
