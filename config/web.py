"""`python -m config.web --fd N`: one web process on a socket that the parent has bound."""

import argparse
import os
import socket

import uvicorn


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    bound = socket.socket(fileno=parser.parse_args().fd)
    config = uvicorn.Config(
        "config.asgi:application",
        proxy_headers=True,
        forwarded_allow_ips=os.environ.get("SHOUXIN_PROXIES", "127.0.0.1"),
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=4,
        lifespan="on",
    )
    uvicorn.Server(config).run(sockets=[bound])


if __name__ == "__main__":
    main()
