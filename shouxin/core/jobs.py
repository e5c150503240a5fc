"""In the background: keys of forms that were done long ago go."""

from datetime import timedelta

from procrastinate.contrib.django import app

from shouxin.core.clock import now
from shouxin.core.models import Submission

KEPT_FOR = timedelta(days=30)


@app.periodic(cron="17 3 * * *")
@app.task(name="core.drop_submissions", queueing_lock="core.drop_submissions", pass_context=False)
def drop_submissions(timestamp: int = 0) -> None:
    """A page that was open for longer than this is not sent a second time by mistake."""
    Submission.objects.filter(at__lt=now() - KEPT_FOR).delete()
