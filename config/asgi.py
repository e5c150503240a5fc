"""One port: live push is answered here, everything else goes to the pages under WSGI."""

import os

from a2wsgi import WSGIMiddleware

from config.bodies import Bodies
from config.wsgi import application as pages
from shouxin.core import live

THREADS = int(os.environ.get("SHOUXIN_WEB_THREADS", "8"))
_pages = Bodies(WSGIMiddleware(pages, workers=THREADS))


async def application(scope: dict, receive, send) -> None:
    if scope["type"] == "lifespan":
        await live.lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live/":
        await live.push(scope, receive, send)
    else:
        await _pages(scope, receive, send)
