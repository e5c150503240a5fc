"""Each worker of a parallel run has a PostgreSQL and a folder for files of its own; loaded before the settings.

`bin/test` starts the servers and gives their URLs in DATABASE_URL_GW0, DATABASE_URL_GW1, …
"""

import os

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").upper()

for name in ("DATABASE_URL", "SHOUXIN_HOME"):
    if given := os.environ.get(f"{name}_{WORKER}"):
        os.environ[name] = given
