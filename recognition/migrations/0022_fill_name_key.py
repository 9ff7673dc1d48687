"""The keys of names that are there. Of categories with the same name the oldest keeps it; the others
get a number, and are listed for the curator, who can merge them."""

from django.db import migrations

from recognition.core.names import free_name, name_key

CHUNK = 1000


def fill(apps, schema_editor):
    Category = apps.get_model("recognition", "Category")
    for gallery in apps.get_model("recognition", "Gallery").objects.order_by("id").iterator():
        _fill_gallery(Category, gallery)


def _fill_gallery(Category, gallery):
    rows = list(Category.objects.filter(gallery=gallery).order_by("id").only("id", "name"))
    first = {}
    for row in rows:
        first.setdefault(name_key(row.name), row)
    taken = set(first)
    for row in rows:
        elder = first[name_key(row.name)]
        if elder is not row:
            row.twin_of_id = elder.pk
            row.name = free_name(row.name, taken.__contains__)
            taken.add(name_key(row.name))
        row.name_key = name_key(row.name)
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        Category.objects.bulk_update(part, ["name", "name_key", "twin_of"], batch_size=100)


def restore(apps, schema_editor):
    """The numbered names stay: they are told apart by them."""


class Migration(migrations.Migration):
    dependencies = [("recognition", "0021_name_key")]
    operations = [migrations.RunPython(fill, restore)]
