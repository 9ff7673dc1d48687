from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import migrations


def have_the_first_password_changed(apps, schema_editor):
    """The administrator of an earlier release who still has the password of the first start."""
    file = settings.RECOGNITION["data_dir"] / "admin_password"
    if not file.exists():
        return
    user = apps.get_model("auth", "User").objects.filter(username="admin").first()
    if user is not None and check_password(file.read_text().strip(), user.password):
        apps.get_model("recognition", "GivenPassword").objects.get_or_create(user=user)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('recognition', '0031_given_password'),
    ]

    operations = [migrations.RunPython(have_the_first_password_changed, migrations.RunPython.noop)]
