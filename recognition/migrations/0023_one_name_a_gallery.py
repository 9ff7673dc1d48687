"""One category a name, held by the database."""

from django.db import migrations, models

import recognition.models.category


class Migration(migrations.Migration):
    dependencies = [("recognition", "0022_fill_name_key")]
    operations = [
        migrations.AlterField(
            model_name="category",
            name="name_key",
            field=recognition.models.category.NameKeyField(),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                fields=("gallery", "name_key"), name="one_name_a_gallery"
            ),
        ),
    ]
