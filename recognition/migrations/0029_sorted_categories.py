from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import recognition.models.category
from recognition.core.names import order_key

ROWS = 2000


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    categories = apps.get_model("recognition", "Category").objects.using(editor.connection.alias)
    batch = []
    for category in categories.only("pk", "name").iterator(ROWS):
        category.order_key = order_key(category.name)
        batch.append(category)
        if len(batch) == ROWS:
            categories.bulk_update(batch, ["order_key"], batch_size=200)
            batch = []
    categories.bulk_update(batch, ["order_key"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("recognition", "0028_domain_advice")]

    operations = [
        migrations.AddField(
            "category",
            "order_key",
            recognition.models.category.OrderKeyField(default="", editable=False, max_length=200),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
