"""What earlier answers said of their confidence, where it can be asked for."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast


def fill(apps, schema_editor):
    said = Cast(KeyTextTransform("confidence", "answer"), models.FloatField())
    apps.get_model("recognition", "Query").objects.filter(confidence=None).update(confidence=said)


class Migration(migrations.Migration):
    dependencies = [("recognition", "0008_query_confidence")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
