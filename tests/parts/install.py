"""Finds or installs the real programs that the tests talk to: a registry, what pushes to it, a database, a browser.

Usage: python3 tests/parts/install.py NAME...   with NAME one of: registry, skopeo, postgres, browser, driver,
other-registry (built by Go where that is installed, and else left out: the tests then have one registry less)

Only the standard library is used, because this runs before the project has an environment of its own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PRIVATE = Path(__file__).resolve().parents[2] / ".parts"
LONGEST_WAIT_SECONDS = 900
OTHER_REGISTRY = "other-registry"
OTHER_REGISTRY_MODULE = "github.com/google/go-containerregistry/cmd/registry@v0.20.6"


class InstallError(Exception):
    """A command that was to install something failed; the text is its last line."""


@dataclass(frozen=True)
class Part:
    """One program: how it is called on the command line, its Debian package, and how it is found."""

    name: str
    package: str
    find: Callable[[], Path | None]
    runs_from_anywhere: bool = False


def find_program(*names: str) -> Path | None:
    """Return the first of these programs that is in PATH or was unpacked into `.parts`, or None."""
    search_path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(PRIVATE / "usr/bin")])
    found = (shutil.which(name, path=search_path) for name in names)
    return next((Path(program) for program in found if program), None)


def find_skopeo() -> Path | None:
    """Return the program that copies images between registries when it runs here, or None.

    Unpacked without an installation it may lack a library; see `environment_of`.
    """
    program = find_program("skopeo")
    if program is None:
        return None
    ended = subprocess.run([program, "--version"], capture_output=True, check=False, env=environment_of(program))
    return program if ended.returncode == 0 else None


def environment_of(program: Path) -> dict[str, str]:
    """Return the environment to run a program in: one from `.parts` finds the libraries that lie beside it."""
    environment = dict(os.environ)
    if program.is_relative_to(PRIVATE):
        folders = [str(path) for pattern in ("usr/lib/*-linux-*", "lib/*-linux-*") for path in PRIVATE.glob(pattern)]
        environment["LD_LIBRARY_PATH"] = os.pathsep.join(folders)
    return environment


def find_postgres() -> Path | None:
    """Return the folder that holds initdb and postgres (Debian keeps it out of PATH), newest version first, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_of, reverse=True)
    in_path = shutil.which("initdb")
    folders = [*debian, *([Path(in_path).resolve().parent] if in_path else [])]
    return next((folder for folder in folders if _has_server(folder)), None)


def find_libatomic() -> Path | None:
    """Return the library with atomic operations, where Debian and others keep it, or None."""
    folders = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")
    patterns = ("libatomic.so.1", "*/libatomic.so.1")
    return next((path for folder in folders for pattern in patterns for path in Path(folder).glob(pattern)), None)


def _has_server(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("initdb", "postgres", "pg_isready", "createdb"))


def _version_of(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


PARTS = {
    part.name: part
    for part in (
        Part("registry", "docker-registry", lambda: find_program("docker-registry", "registry"), True),
        Part("skopeo", "skopeo", find_skopeo, True),
        Part("postgres", "postgresql", find_postgres),
        # Playwright's driver brings its own Node.js, which wants this library.
        Part("driver", "libatomic1", find_libatomic),
        Part("browser", "chromium", lambda: find_program("chromium", "chromium-browser", "google-chrome")),
    )
}


def find_other_registry() -> Path | None:
    """Return the registry that shares no line with Debian's, where it was built before, or None."""
    program = PRIVATE / "go/bin/registry"
    return program if program.exists() else None


def main(names: Sequence[str]) -> int:
    """Make every named part present and return the exit code: 0 when all are, 1 with one line when not."""
    if OTHER_REGISTRY in names:
        _build_other_registry()
        names = [name for name in names if name != OTHER_REGISTRY]
        if not names:
            return 0
    unknown = [name for name in names if name not in PARTS]
    if unknown or not names:
        return _fail(
            f"Name the parts to install: {', '.join(PARTS)} (not known: {', '.join(unknown) or 'nothing named'})"
        )
    missing = [PARTS[name] for name in dict.fromkeys(names) if not _report_if_present(PARTS[name])]
    if not missing:
        return 0
    problem = _install(missing)
    left = [part for part in missing if not part.find()]
    if not left:
        return 0
    packages = " ".join(part.package for part in left)
    return _fail(f"Install what is missing, then run this again: apt-get install {packages} ({problem})")


def _build_other_registry() -> None:
    """Let Go build the registry, once; without Go, or where it cannot be fetched, say so and go on without it."""
    go = shutil.which("go")
    if found := find_other_registry():
        print(f"{OTHER_REGISTRY}: found {found}", flush=True)
    elif go is None:
        print(f"{OTHER_REGISTRY}: left out, there is no go here to build it", flush=True)
    else:
        print(f"{OTHER_REGISTRY}: building {OTHER_REGISTRY_MODULE}", flush=True)
        try:
            _run([go, "install", OTHER_REGISTRY_MODULE], environment={"GOBIN": str(PRIVATE / "go/bin")})
        except InstallError as error:
            print(f"{OTHER_REGISTRY}: left out, go could not build it: {error}", flush=True)


def _report_if_present(part: Part) -> bool:
    found = part.find()
    if found:
        print(f"{part.name}: found {found}", flush=True)
    return found is not None


def _fail(line: str) -> int:
    print(" ".join(line.split()), file=sys.stderr, flush=True)
    return 1


def _install(parts: Sequence[Part]) -> str:
    """Try to install the parts and return what stood in the way, as one sentence without an end."""
    if not shutil.which("apt-get"):
        return "there is no apt-get here: use this system's own packages"
    privilege = _privilege()
    try:
        if privilege is None:
            return _unpack_all(parts)
        return _install_all(parts, privilege)
    except InstallError as error:
        return str(error)


def _privilege() -> list[str] | None:
    """Return what to put before a command to run it as root, or None when nobody lets us."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _install_all(parts: Sequence[Part], privilege: list[str]) -> str:
    apt = [*privilege, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", "-q"]
    print(f"updating the package lists for {', '.join(part.name for part in parts)}", flush=True)
    _run([*apt, "update"])
    problems = []
    for part in parts:
        print(f"{part.name}: installing {part.package}", flush=True)
        try:
            _run([*apt, "install", "-y", "--no-install-recommends", part.package])
        except InstallError as error:
            problems.append(str(error))
            continue
        _report_if_present(part)
    return "; ".join(problems) or "installed, but the program was not found afterwards"


def _unpack_all(parts: Sequence[Part]) -> str:
    """Unpack what needs no installation into `.parts`; nothing outside that folder is touched."""
    for part in parts:
        if part.runs_from_anywhere:
            print(f"{part.name}: unpacking {part.package} into {PRIVATE}", flush=True)
            _unpack(part.package)
            _report_if_present(part)
    return "only root can install it, and there is no sudo without a password"


def _unpack(package: str) -> None:
    downloads = PRIVATE / "downloads" / package
    downloads.mkdir(parents=True, exist_ok=True)
    try:
        _download(package, downloads, [])
    except InstallError:
        # A fresh machine has no package lists, and only root may fetch them into the usual place.
        lists = _private_lists()
        _run(["apt-get", "-q", *lists, "update"], downloads)
        _download(package, downloads, lists)
    for archive in sorted(downloads.glob("*.deb")):
        _run(["dpkg", "-x", str(archive), str(PRIVATE)])


def _download(package: str, folder: Path, lists: list[str]) -> None:
    for name in dict.fromkeys([package, *_libraries(package, lists)]):
        _run(["apt-get", "-q", *lists, "download", name], folder)


def _libraries(package: str, lists: list[str]) -> list[str]:
    """Return the libraries that an installation would add to this machine: a program wants them beside it."""
    try:
        simulated = _run(["apt-get", *lists, "--simulate", "--no-install-recommends", "install", package])
    except InstallError:
        # What apt-get will not install here (other packages are in its way) may run all the same.
        return []
    return [line.split()[1] for line in simulated.splitlines() if line.startswith("Inst lib")]


def _private_lists() -> list[str]:
    lists, cache = PRIVATE / "apt/lists", PRIVATE / "apt/cache"
    for folder in (lists / "partial", cache / "archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    return ["-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={cache}", "-o", "Debug::NoLocking=1"]


def _run(command: list[str], folder: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    variables = {**os.environ, **(environment or {})}
    try:
        ended = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_WAIT_SECONDS,
            env=variables,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallError(str(error)) from error
    if ended.returncode != 0:
        lines = (ended.stderr.strip() or ended.stdout.strip() or "no message").splitlines()
        raise InstallError(lines[-1].strip())
    return ended.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
