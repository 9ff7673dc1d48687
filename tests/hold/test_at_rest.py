"""What lies in the data folder and in the database is for this installation's user alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from oneshot_site.closing import close_to_others
from recognition.models import Webhook
from recognition.models.sealing import Unreadable, seal, unseal
from recognition.services.webhooks.create_webhook import create_webhook

ROOT = Path(__file__).resolve().parents[2]
WRITE = """
from pathlib import Path
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.conf import settings
default_storage.save("galleries/1/x.webp", ContentFile(b"x"))
(settings.DATA_DIR / "mine").mkdir()
(settings.DATA_DIR / "mine" / "note").write_text("x")
"""


def open_to_others(folder: Path) -> list[str]:
    found = [folder, *folder.rglob("*")]
    return [str(path) for path in found if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]


def test_nobody_else_reads_the_data_folder(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"ONESHOT_DATA_DIR": str(folder)}

    def manage(*arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, umask=0o022)

    manage("migrate", "-v0")
    manage("shell", "-v0", "-c", WRITE)
    assert (folder / "oneshot.sqlite3").exists() and (folder / "secret_key").exists()
    assert open_to_others(folder) == []


def test_a_folder_that_was_open_is_closed(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o2775)
    close_to_others(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o2700


@pytest.mark.django_db
def test_a_webhooks_secret_does_not_lie_in_the_database(gallery):
    webhook = create_webhook(gallery=gallery, url="https://example.org/", events=["match"])
    kept = Webhook.objects.get(pk=webhook.pk)
    assert kept.secret == webhook.secret
    assert kept.secret.startswith("whsec_")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM recognition_webhook")
        assert webhook.secret.removeprefix("whsec_") not in repr(cursor.fetchall())


def test_what_another_key_sealed_is_not_read_and_an_earlier_ones_is(settings):
    sealed = seal("whsec_x")
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(Unreadable):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unseal(sealed) == "whsec_x"


@pytest.mark.django_db(transaction=True)
def test_secrets_that_were_kept_before_are_sealed(gallery):
    executor = MigrationExecutor(connection)
    latest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "recognition"]
    webhook = create_webhook(gallery=gallery, url="https://example.org/", events=["match"])
    try:
        executor.migrate([("recognition", "0017_sign_ins")])
        with connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM recognition_webhook")
            assert cursor.fetchall() == [(webhook.secret,)]
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert Webhook.objects.get().secret == webhook.secret


def test_whoever_starts_it_as_root_is_told_of_another_way(monkeypatch, capsys):
    start = import_module("recognition.management.commands.start")
    monkeypatch.setattr(start, "_side_by_side", lambda *_: None)
    monkeypatch.setattr(start, "call_command", lambda *_, **__: None)
    for user, told in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        start.Command().handle(host="127.0.0.1", port=8260, threads=2, health_port=0)
        assert ("runuser" in capsys.readouterr().err) == told


MARKED = "marked-7f3c9a"
DELETE = f"""
from django.db import connection
from django.utils import timezone
from recognition.models import SignIn
from recognition.worker.tasks import sweep
assert connection.vendor == "sqlite"
rows = [SignIn(name=f"{MARKED}-{{n}}", network="x", at=timezone.now()) for n in range(500)]
SignIn.objects.bulk_create(rows)
SignIn.objects.all().delete()
sweep()
"""


def test_what_is_deleted_is_in_no_byte_of_the_database(tmp_path):
    """Neither in its free pages nor in its log, while the service runs on."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"ONESHOT_DATA_DIR": str(tmp_path)}
    for arguments in (("migrate", "-v0"), ("shell", "-v0", "-c", DELETE + LOOK)):
        command = [sys.executable, "manage.py", *arguments]
        told = subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
    assert told.strip().endswith("files: 2, marked: 0")


LOOK = f"""
from django.conf import settings
files = sorted(settings.DATA_DIR.glob("oneshot.sqlite3*"))
files = [file for file in files if not file.name.endswith("-shm")]
marked = sum(file.read_bytes().count(b"{MARKED}") for file in files)
print(f"files: {{len(files)}}, marked: {{marked}}")
"""
