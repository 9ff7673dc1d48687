from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from recognition.models import Change, EncoderRecord, Gallery


@pytest.mark.django_db
def test_growth_is_measured_on_a_gallery_that_does_not_stay():
    out = StringIO()
    call_command("benchmark", "changes", "--sizes", "20", "1500", stdout=out)
    rows = [line.split("|")[1:-1] for line in out.getvalue().splitlines()[2:]]
    assert [row[0].strip() for row in rows] == ["20", "1,500"]
    assert all(float(cell) > 0 for row in rows for cell in row[1:])
    assert not Gallery.objects.exists()
    assert not EncoderRecord.objects.exists()
    assert not Change.objects.exists()
