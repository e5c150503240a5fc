from django.core import mail
from django.test import override_settings
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.people import notices
from shouxin.people.models import Notice
from tests.cast import NOON

BACKEND = "shouxin.people.backends.StaffBackend"
IN_MEMORY = override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")


def jobs() -> list[dict]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=notices.MAIL_JOB)]


def test_a_notice_is_told_in_the_language_of_the_reader_and_mailed_by_the_worker(cast):
    cast.lin.language = "en"
    notice = notices.notify(cast.lin, _("Colleagues"), url="/people/", at=NOON)

    assert (notice.text, notice.read_at) == ("Colleagues", None)
    assert jobs() == [{"notice": notice.pk}]


def test_the_same_key_is_told_once(cast):
    assert notices.notify(cast.lin, "逾期", key="promise:1") is not None
    assert notices.notify(cast.lin, "逾期", key="promise:1") is None
    assert Notice.objects.count() == 1 and len(jobs()) == 1


def test_who_switched_mails_off_or_has_left_gets_none(cast):
    cast.lin.is_mailed_notices = False
    cast.chen.is_active = False

    assert notices.notify(cast.lin, "一則") is not None
    assert notices.notify(cast.chen, "一則") is None
    assert jobs() == []


@IN_MEMORY
def test_mailing_twice_sends_one_letter_with_the_address_of_the_page(cast):
    notice = notices.notify(cast.lin, "C26-004517 交給您了", url="/cases/C26-004517/")

    assert [notices.mail(notice.pk, at=NOON), notices.mail(notice.pk, at=NOON)] == [True, False]
    (letter,) = mail.outbox
    assert letter.subject == "C26-004517 交給您了"
    assert "http://127.0.0.1:8000/cases/C26-004517/" in letter.body


@IN_MEMORY
def test_what_was_read_already_is_not_mailed(cast):
    notice = notices.notify(cast.lin, "一則")
    notices.mark_read(notice, at=NOON)

    assert notices.mail(notice.pk) is False
    assert mail.outbox == []


def test_reading_one_leads_where_it_points_and_never_out_of_the_house(cast, client):
    client.force_login(cast.lin, backend=BACKEND)
    inside = notices.notify(cast.lin, "一則", url="/people/")
    outside = notices.notify(cast.lin, "一則", url="https://elsewhere.example/")

    assert client.post(f"/notices/{inside.pk}/reading/")["Location"] == "/people/"
    assert client.post(f"/notices/{outside.pk}/reading/")["Location"] == "/notices/"
    assert Notice.objects.filter(read_at=None).count() == 0


def test_nobody_reads_the_notices_of_a_colleague(cast, client):
    client.force_login(cast.chen, backend=BACKEND)
    notice = notices.notify(cast.lin, "只給佳穎")

    assert client.post(f"/notices/{notice.pk}/reading/").status_code == 404
    assert "只給佳穎" not in client.get("/notices/").content.decode()


def test_all_are_marked_as_read_at_once(cast, client):
    client.force_login(cast.lin, backend=BACKEND)
    for number in range(3):
        notices.notify(cast.lin, f"第 {number} 則")

    client.post("/notices/reading/")

    assert Notice.objects.filter(staff=cast.lin, read_at=None).count() == 0
