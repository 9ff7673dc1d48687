from django.db import migrations, models

import recognition.models.webhook
from recognition.models.sealing import seal, unseal


def seal_secrets(apps, schema_editor):
    for webhook in apps.get_model("recognition", "Webhook").objects.all():
        webhook.sealed_secret = seal(webhook.secret)
        webhook.save(update_fields=["sealed_secret"])


def unseal_secrets(apps, schema_editor):
    for webhook in apps.get_model("recognition", "Webhook").objects.all():
        webhook.secret = unseal(webhook.sealed_secret)
        webhook.save(update_fields=["secret"])


class Migration(migrations.Migration):
    dependencies = [("recognition", "0017_sign_ins")]

    operations = [
        migrations.AddField(
            "webhook", "sealed_secret", models.TextField(default="", editable=False)
        ),
        migrations.RunPython(seal_secrets, unseal_secrets),
        migrations.RemoveField("webhook", "secret"),
        migrations.AlterField(
            "webhook",
            "sealed_secret",
            models.TextField(
                default=recognition.models.webhook.sealed_webhook_secret, editable=False
            ),
        ),
    ]
