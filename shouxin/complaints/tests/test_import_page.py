"""The import on the web: the same as the command, tried and taken over by the worker."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouxin.cases.models import Case
from shouxin.complaints.importing.mapping import SHIPPED
from shouxin.complaints.tests.test_importing import HEAD, ROWS
from shouxin.tables.jobs import carry_out
from shouxin.tables.models import ImportRun
from shouxin.tables.uploads import folder

WRONG = "7003,soon,2026-05-04,丙,Group,,,,,,0,Closed\n"
URL = "/imports/complaints/"


@pytest.fixture
def send(client, cast, settings, tmp_path):
    settings.HOME = tmp_path
    client.force_login(cast.tsai)

    def upload(text: str = HEAD + ROWS + WRONG, **other):
        file = SimpleUploadedFile("申訴 2026.csv", text.encode())
        given = {"mapping": "regulator_files.toml", "file": file, "key": str(uuid4()), **other}
        return client.post(URL, given)

    return upload


def page_of(client, run: ImportRun, **how) -> str:
    return client.get(reverse("tables:run", args=["complaints", run.pk]), **how).text


def test_a_file_is_tried_and_taken_over_and_its_page_tells_how_far_it_is(send, client):
    answer = send()
    trial = ImportRun.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("tables:run", args=["complaints", trial.pk]))
    assert 'hx-trigger="every 2s"' in page_of(client, trial)

    carry_out(trial.pk)
    trial.refresh_from_db()
    assert (trial.counts["cases_created"], Case.objects.count()) == (2, 0)
    client.post(reverse("tables:takeover", args=["complaints", trial.pk]))
    run = ImportRun.objects.get(trial=trial)
    carry_out(run.pk)
    run.refresh_from_db()
    page = page_of(client, run, headers={"HX-Request": "true"})
    assert (run.counts["rows_read"], run.counts["rows_rejected"], Case.objects.count()) == (4, 1, 2)
    assert "every 2s" not in page and "<html" not in page and "7003" in page and "soon" in page
    assert list(folder().glob("upload-*")) == []
    report = b"".join(client.get(reverse("tables:report", args=["complaints", run.pk])).streaming_content).decode()
    assert "7003" in report and "soon" in report


def test_the_mapping_that_is_shipped_is_chosen_and_bears_the_name_of_its_source(send, client):
    page = client.get(URL).text

    assert '<option value="regulator_files.toml" selected>Connecticut Insurance Department</option>' in page
    assert client.get("/complaints/imports/")["Location"] == URL


def test_a_mapping_of_ones_own_is_taken_and_a_wrong_one_is_told_at_its_field(send):
    own = (SHIPPED / "regulator_files.toml").read_bytes()
    wrong = send(mapping="", own_mapping=SimpleUploadedFile("m.toml", b"[group]\nkey = 1"))
    right = send(mapping="", own_mapping=SimpleUploadedFile("m.toml", own))
    none = send(mapping="")

    assert (wrong.status_code, right.status_code, none.status_code) == (422, 303, 422)
    assert "[group]" in wrong.content.decode() and "key" in wrong.content.decode()


def test_a_run_that_breaks_says_so_with_a_number_and_keeps_nothing(send, client):
    send()
    run = ImportRun.objects.get()
    run.choices["options"]["mapping"] = None
    run.save()
    carry_out(run.pk)

    page = page_of(client, run)
    assert "編號" in page and "every 2s" not in page
    assert list(folder().glob("upload-*")) == []


def test_a_run_on_which_nobody_works_can_be_taken_up_again(send, client):
    send()
    run = ImportRun.objects.get()
    ImportRun.objects.update(seen_at="2026-01-01T00:00:00Z", attempts=1)
    assert "every 2s" not in page_of(client, run) and "繼續處理" in page_of(client, run)

    client.post(reverse("tables:resumption", args=["complaints", run.pk]))
    assert "every 2s" in page_of(client, run)
    carry_out(run.pk)
    run.refresh_from_db()
    assert (run.failure, run.counts["cases_created"]) == ("", 2)


def test_a_file_that_can_not_be_read_is_said_on_the_page(send, client):
    send("a,b\n1,2\n")
    carry_out(ImportRun.objects.get().pk)

    assert "file_no" in page_of(client, ImportRun.objects.get())
