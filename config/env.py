"""Where this instance lives: everything that is read from the environment, in one place."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder of this instance: database, attachments, secrets, logs."""
    return Path(os.environ.get("SHOUXIN_HOME") or ROOT / "var").resolve()


def served_at(home: Path) -> str:
    """Where the server of this home listens: told by `bin/serve` to its parts, noted for commands beside it."""
    if told := os.environ.get("SHOUXIN_SERVED_AT"):
        return told
    try:
        return json.loads((home / "run/server.json").read_text())["address"]
    except (OSError, ValueError, KeyError):
        return f"http://127.0.0.1:{os.environ.get('SHOUXIN_PORT', '8000')}"


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    return [word for word in os.environ.get(name, "").replace(",", " ").split() if word]


@dataclass(frozen=True)
class DatabaseUrl:
    """A PostgreSQL URL taken apart; `host` may be a folder of sockets (``?host=/folder``)."""

    name: str
    user: str
    password: str
    host: str
    port: str

    @classmethod
    def parse(cls, url: str) -> "DatabaseUrl":
        parts = urlsplit(url)
        if parts.scheme not in {"postgres", "postgresql"}:
            raise ValueError("DATABASE_URL must begin with postgresql:// — only PostgreSQL keeps the record.")
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return cls(
            name=unquote(parts.path.lstrip("/")) or "shouxin",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=unquote(query.get("host", parts.hostname or "")),
            port=str(query.get("port", parts.port or "")),
        )

    def django(self) -> dict:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
        }


def database_urls() -> tuple[str, str]:
    """The owner's URL and the web role's; the same one where only one was given."""
    owner = os.environ.get("DATABASE_URL", "postgresql://shouxin@localhost/shouxin")
    return owner, os.environ.get("DATABASE_WEB_URL") or owner
