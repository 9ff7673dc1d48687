"""What was measured before it was asked whether another photo would help is measured again."""

from django.db import migrations

NEVER = -1


def forget(apps, schema_editor):
    apps.get_model("recognition", "ReferenceMeasure").objects.update(generation=NEVER)


class Migration(migrations.Migration):
    dependencies = [("recognition", "0012_measure_wants_photo")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
