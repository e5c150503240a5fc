"""Set-up shared by the commands: makes `.venv` in this checkout, installs what the lock names, and goes on inside it.

Written so that any Python 3 can read it far enough to say which Python is needed.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST, NEWEST = (3, 11), (3, 14)
ROOM_NEEDED = 2 * 1024**3

OLD_PYTHON = """守信 Shouxin needs Python 3.11 to 3.14; this is Python {0}.
Install a newer one beside it (Debian, Ubuntu: apt install python3.11 python3.11-venv) and start again:
    python3.11 {1}"""
NO_VENV = """This Python can't make virtual environments: Debian and Ubuntu keep that part in a package of its own.
Install it and start again; nothing was changed so far:
    apt install python3-venv     (or python{0}.{1}-venv)
Or name a Python in which everything of requirements.lock is installed:  SHOUXIN_PYTHON=/path/to/python"""
NO_DISK = """There is not enough room on the disk of {0}: the set-up needs 2 GB, {1} MB are free.
Make room and start again; what is already there stays."""
PIP_FAILED = """The locked packages could not be installed. The last lines of pip:

{0}

Is this machine connected to a package index (or is PIP_INDEX_URL set)?
Start again afterwards; it goes on where it stopped."""


def fail(text):
    sys.stderr.write(text.rstrip() + "\n")
    sys.exit(1)


def say(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def newer_python(search=shutil.which):
    """The newest suitable Python on the path, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = search("python3.{0}".format(minor))
        if found:
            return found
    return None


def check_python(version, argv, search=shutil.which):
    """Go on; or with another Python of this machine; or say which one is needed."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return
    other = newer_python(search)
    if other and not os.environ.get("SHOUXIN_SECOND_PYTHON"):
        os.environ["SHOUXIN_SECOND_PYTHON"] = "1"
        os.execv(other, [other] + argv)
    fail(OLD_PYTHON.format(".".join(str(part) for part in version[:3]), " ".join(argv)))


def check_disk(folder, needed=ROOM_NEEDED):
    free = shutil.disk_usage(folder).free
    if free < needed:
        fail(NO_DISK.format(folder, free // 1024**2))


def stamp_of(locks):
    """Names what is installed: the contents of the locks and this Python."""
    digest = hashlib.sha256(sys.version.encode())
    for lock in locks:
        with open(os.path.join(ROOT, lock), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def is_ready(stamp):
    try:
        with open(os.path.join(VENV, "installed")) as file:
            return stamp in file.read().split() and os.access(venv_python(), os.X_OK)
    except (IOError, OSError):
        return False


def venv_python():
    return os.path.join(VENV, "bin", "python")


class only_one:
    """Two first starts at once: the second waits for the first."""

    def __enter__(self):
        import fcntl

        try:
            os.makedirs(VENV, exist_ok=True)
            self.file = open(os.path.join(VENV, "setup.lock"), "w")  # noqa: SIM115 - held while the set-up lasts
        except OSError as problem:
            fail("{0} can't be written: {1}.".format(VENV, problem.strerror))
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError):
            say("Another start is setting up this checkout; waiting for it …")
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()


def make_venv():
    """An environment with pip in it; returns the command that installs."""
    if os.access(venv_python(), os.X_OK):
        probe = subprocess.run([venv_python(), "-c", "import pip, sys; sys.exit(sys.version != %r)" % sys.version])
        if probe.returncode == 0:
            return [venv_python(), "-m", "pip"]
        for name in ("bin", "lib", "lib64", "include"):
            path = os.path.join(VENV, name)
            os.unlink(path) if os.path.islink(path) else shutil.rmtree(path, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401

        subprocess.run([sys.executable, "-m", "venv", VENV], check=True, stdout=subprocess.PIPE)
        return [venv_python(), "-m", "pip"]
    except (ImportError, subprocess.CalledProcessError):
        return make_venv_without_ensurepip()


def make_venv_without_ensurepip():
    """Debian splits venv: where a pip is at hand it can install into an environment that has none."""
    made = subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], capture_output=True)
    has_pip = subprocess.run([sys.executable, "-m", "pip", "--python", venv_python(), "--version"], capture_output=True)
    if made.returncode or has_pip.returncode:
        fail(NO_VENV.format(*sys.version_info[:2]))
    return [sys.executable, "-m", "pip", "--python", venv_python()]


def install(pip, locks):
    command = pip + ["install", "--disable-pip-version-check", "--no-input", "--no-compile"]
    command += ["--prefer-binary", "--require-hashes"]
    for lock in locks:
        command += ["-r", os.path.join(ROOT, lock)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode:
        if os.strerror(errno.ENOSPC) in done.stdout:
            check_disk(ROOT, needed=1 << 62)
        fail(PIP_FAILED.format("\n".join(done.stdout.strip().splitlines()[-8:])))


def ensure(dev=False):
    """The Python in which everything is installed; installs it first where it is not."""
    if os.environ.get("SHOUXIN_PYTHON"):
        return os.environ["SHOUXIN_PYTHON"]
    # The locks agree with each other: what bin/test needs is what bin/serve needs and more.
    locks = ["requirements-dev.lock"] if dev else ["requirements.lock"]
    stamp = stamp_of(locks)
    if is_ready(stamp):
        return venv_python()
    with only_one():
        if not is_ready(stamp):
            check_disk(ROOT)
            began = time.time()
            say("Setting up {0} (once; needs about a minute) …".format(VENV))
            install(make_venv(), locks)
            stamps = {stamp, stamp_of(["requirements.lock"])}
            with open(os.path.join(VENV, "installed"), "w") as file:
                file.write("\n".join(sorted(stamps)))
            say("Set up in {0:.0f} s.".format(time.time() - began))
    return venv_python()


def keep_compiled(environment):
    """Where Python may not write beside its sources, compiled modules are kept apart.

    Otherwise each of our processes compiles everything anew: that costs more than the rest of its start.
    """
    if environment.pop("PYTHONDONTWRITEBYTECODE", None):
        environment.setdefault("PYTHONPYCACHEPREFIX", os.path.join(ROOT, ".cache", "python"))


def run(module, dev=False):
    """Become `python -m module` inside the environment, with the arguments given to this command."""
    check_python(sys.version_info, sys.argv)
    try:
        python = ensure(dev)
    except KeyboardInterrupt:
        fail("\nStopped. Start again whenever you like; it goes on where it stopped.")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [ROOT, os.environ.get("PYTHONPATH")]))
    os.environ.setdefault("PYTHONUTF8", "1")
    keep_compiled(os.environ)
    sys.stdout.flush()
    # -P: the folder in which the command is given is not a place for our modules.
    os.execv(python, [python, "-P", "-m", module] + sys.argv[1:])
