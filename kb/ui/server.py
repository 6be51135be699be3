"""Starting the web page from the command line, on this machine only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import kb
from kb.errors import BadSetting
from kb.settings import Settings


def serve(settings: Settings, *, port: int, open_browser: bool) -> int:
    """Runs the page until it is interrupted; the exit status of the server.

    Args:
        settings: Handed to the page whole, with folders made absolute.
        port: On the loopback address.
        open_browser: Also open the page.

    Raises:
        BadSetting: The page's script is not beside the package.
    """
    home = Path(kb.__file__).parents[1]
    script = home / "app.py"
    if not script.is_file():
        raise BadSetting(
            f"{script} does not exist; expected the project's own folder. "
            "Install it there with: pip install -e ."
        )
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += flags(settings, port=port, open_browser=open_browser)
    print(f"The page is at http://127.0.0.1:{port}. Stop it with Ctrl+C.", flush=True)
    # The server runs in the project's folder, where its own configuration lies.
    running = subprocess.Popen(command, cwd=home, env=os.environ | environment(settings))
    try:
        return running.wait()
    except KeyboardInterrupt:
        running.terminate()
        running.wait()
        return 0


def flags(settings: Settings, *, port: int, open_browser: bool) -> list[str]:
    """What the server is told besides its own configuration."""
    return [
        f"--server.port={port}",
        f"--server.headless={str(not open_browser).lower()}",
        "--server.showEmailPrompt=false",  # it would wait for an answer before the first page
        "--logger.hideWelcomeMessage=true",  # advertises tools for programmers, on the page too
        f"--server.maxUploadSize={settings.file_mb}",
    ]


def environment(settings: Settings) -> dict[str, str]:
    """The settings as environment variables; relative folders are made absolute."""
    found = {}
    for name, value in settings.model_dump().items():
        is_path = isinstance(value, Path) or (isinstance(value, str) and Path(value).exists())
        found[f"KB_{name.upper()}"] = str(Path(value).resolve() if value and is_path else value)
    return found
