"""A key of every category's name, first without a value."""

import django.db.models.deletion
from django.db import migrations, models

import recognition.models.category


class Migration(migrations.Migration):
    dependencies = [("recognition", "0020_erasure")]
    operations = [
        migrations.AddField(
            model_name="category",
            name="name_key",
            field=recognition.models.category.NameKeyField(null=True),
        ),
        migrations.AddField(
            model_name="category",
            name="twin_of",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The category that had the same name, until a curator says whether they are one.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="twins",
                to="recognition.category",
            ),
        ),
    ]
