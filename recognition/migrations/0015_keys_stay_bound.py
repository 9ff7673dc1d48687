"""A key that is bound to a gallery stays so when the gallery is deleted."""

from django.db import migrations, models


def bind(apps, schema_editor):
    bound = apps.get_model("recognition", "ApiKey").objects.filter(galleries__isnull=False)
    bound.update(is_bound=True)


class Migration(migrations.Migration):
    dependencies = [("recognition", "0014_categories_in_order")]
    operations = [
        migrations.AddField(
            model_name="apikey",
            name="is_bound",
            field=models.BooleanField(
                default=False,
                help_text="It reaches these galleries alone, also when they are gone, and not all of "
                "its user's.",
            ),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="galleries",
            field=models.ManyToManyField(
                blank=True,
                help_text="Those that it is bound to.",
                related_name="api_keys",
                to="recognition.gallery",
            ),
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
    ]
