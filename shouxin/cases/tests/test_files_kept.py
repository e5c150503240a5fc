"""Files and rows don't drift apart: who names a file and who removes it wait for each other; damage is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from shouxin.cases import actions
from shouxin.cases.actions.attaching import check_files, remove_unused
from shouxin.cases.models import Attachment
from shouxin.core import files
from shouxin.core.files import path_of, store
from tests.cast import NOON


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_file_removed_between_storing_and_naming_is_there_again(cast, opened, django_capture_on_commit_callbacks):
    case = opened("A09")
    first = actions.attach(case, by=cast.lin, stored=store(b"paper", "a.txt"))
    second = store(b"paper", "b.txt")
    with django_capture_on_commit_callbacks(execute=True):
        actions.detach(first, by=cast.lin)
    assert not path_of(second.checksum).exists()

    kept = actions.attach(case, by=cast.lin, stored=second)

    assert files.read(kept.checksum) == b"paper"


@pytest.mark.database
def test_who_removes_waits_for_who_is_about_to_name_it(own_database):
    """One transaction holds the file to name it; the removal of the same content begins meanwhile and finds the row."""
    stored, held, go = store(b"paper", "a.txt"), Event(), Event()

    def naming() -> None:
        try:
            with transaction.atomic():
                files.keep(stored)
                held.set()
                assert go.wait(20)
        finally:
            connection.close()

    def removing() -> bool:
        try:
            assert held.wait(20)
            return remove_unused(stored.checksum)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(naming), pool.submit(removing)
        assert held.wait(20)
        with pytest.raises(TimeoutError):
            two.result(timeout=1)
        go.set()
        one.result(20), two.result(20)


def test_damaged_and_missing_files_are_noted_and_healed_ones_no_more(cast, opened, client):
    case = opened("A09")
    rows = [actions.attach(case, by=cast.lin, stored=store(text, "a.txt")) for text in (b"one", b"two", b"three")]
    path_of(rows[0].checksum).write_bytes(b"another")
    path_of(rows[1].checksum).unlink()
    client.force_login(cast.lin)

    assert client.get(f"/cases/{case.number}/files/{rows[0].pk}/").status_code == 404
    assert [row.pk for row in Attachment.objects.damaged()] == [rows[0].pk], "noted when somebody asks for it"
    assert check_files(at=NOON) == 2

    store(b"one", "a.txt"), store(b"two", "a.txt")
    assert check_files(at=NOON) == 0
    assert list(Attachment.objects.damaged()) == []
