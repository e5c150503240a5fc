"""The import on the web: the same as the command, in the worker, watched and reported row by row."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.cases.models import Case
from shouxin.complaints.importing.mapping import SHIPPED
from shouxin.complaints.importing.running import carry_out, folder
from shouxin.complaints.models import ImportRun
from shouxin.complaints.tests.test_importing import HEAD, ROWS

WRONG = "7003,soon,2026-05-04,丙,Group,,,,,,0,Closed\n"


@pytest.fixture
def send(client, cast, settings, tmp_path):
    settings.HOME = tmp_path
    client.force_login(cast.tsai)

    def upload(text: str = HEAD + ROWS + WRONG, **other):
        file = SimpleUploadedFile("申訴 2026.csv", text.encode())
        given = {"mapping": "regulator_files.toml", "file": file, **other}
        return client.post(reverse("complaints:imports"), given)

    return upload


def test_a_file_is_imported_by_the_worker_and_its_page_tells_how_far_it_is(send, client):
    answer = send()
    run = ImportRun.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("complaints:import", args=[run.pk]))
    assert 'hx-trigger="every 2s"' in client.get(answer["Location"]).content.decode()
    assert ProcrastinateJob.objects.get(task_name="complaints.import").args == {"run": run.pk}

    carry_out(run.pk)
    run.refresh_from_db()
    page = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "?of=closed" in page
    assert (run.rows_read, run.cases_created, run.rows_rejected, Case.objects.count()) == (4, 2, 1, 2)
    assert "every 2s" not in page and "<html" not in page
    assert list(folder().glob("upload-*")) == []
    report = b"".join(client.get(reverse("complaints:import-rejections", args=[run.pk])).streaming_content).decode()
    assert "7003" in report and "soon" in report


def test_an_import_that_was_killed_is_done_again_and_changes_nothing_twice(send):
    send()
    run = ImportRun.objects.get()
    kept = (folder() / run.file).read_bytes()
    carry_out(run.pk)
    (folder() / run.file).write_bytes(kept)
    ImportRun.objects.update(finished_at=None)
    carry_out(run.pk)

    run.refresh_from_db()
    assert (run.cases_created, run.cases_unchanged, Case.objects.count()) == (0, 2, 2)


def test_the_mapping_that_is_shipped_is_chosen_and_bears_the_name_of_its_source(send, client):
    page = client.get(reverse("complaints:imports")).content.decode()

    assert '<option value="regulator_files.toml" selected>Connecticut Insurance Department</option>' in page


def test_a_trial_writes_nothing(send):
    send(is_dry_run="on")
    carry_out(ImportRun.objects.get().pk)

    assert (ImportRun.objects.get().cases_created, Case.objects.count()) == (2, 0)


def test_a_mapping_of_ones_own_is_taken_and_a_wrong_one_is_told_at_its_field(send):
    own = (SHIPPED / "regulator_files.toml").read_bytes()
    wrong = send(mapping="", own_mapping=SimpleUploadedFile("m.toml", b"[group]\nkey = 1"))
    right = send(mapping="", own_mapping=SimpleUploadedFile("m.toml", own))
    none = send(mapping="")

    assert (wrong.status_code, right.status_code, none.status_code) == (422, 303, 422)
    assert "[one] opened" in wrong.content.decode()


def test_a_file_that_can_not_be_read_is_said_on_the_page(send, client):
    answer = send("a,b\n1,2\n")
    carry_out(ImportRun.objects.get().pk)

    assert "file_no" in client.get(answer["Location"]).content.decode()
