"""The page and its files, and the headers of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.api.app import create_app
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call
from tests.helpers.doors import ADMIN_GATE, early_morning

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store


def test_page_and_its_files(app: FastAPI) -> None:
    """The page is at the root, its scripts beside it, each with the right type."""
    page, script = call(app, "GET", "/"), call(app, "GET", "/plan.js")
    assert (page.status, script.status) == (200, 200)
    assert page.headers["content-type"].startswith("text/html")
    assert "für Bochum" in page.body.decode()
    assert "javascript" in script.headers["content-type"]


def test_unchanged_file_is_not_sent_again(app: FastAPI) -> None:
    """A browser that has the file gets 304."""
    tag = call(app, "GET", "/plan.js").headers["etag"]
    assert call(app, "GET", "/plan.js", headers={"If-None-Match": tag}).status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/plan.js%00.html",
        "/" + "a" * 5000,
    ],
)
def test_no_way_out_of_the_folder(app: FastAPI, path: str) -> None:
    """Only files of the page's folder are served, however a path is spelt."""
    answer = call(app, "GET", path)
    assert answer.status == 404
    assert b"Passwort" not in answer.body
    assert b"root:" not in answer.body


def test_link_out_of_the_folder_is_not_followed(app: FastAPI, web_dir: Path) -> None:
    """A symbolic link does not open the rest of the disk."""
    (web_dir / "link.txt").symlink_to(web_dir.parent / "secret.txt")
    assert call(app, "GET", "/link.txt").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/plan.js",
        "/nothing",
        "/api/v1/info",
        "/api/v1/map/streets",
        "/api/v1/plans?limit=0",
        "/api/v1/jobs/nope",
        "/openapi.json",
        "/healthz",
    ],
)
def test_security_headers_everywhere(app: FastAPI, path: str) -> None:
    """Every answer, errors too, forbids foreign scripts, framing, guessing types and referrers."""
    headers = call(app, "GET", path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-cache"


def test_missing_folder_is_told_at_once(store: Store, tmp_path: Path) -> None:
    """A service without its page does not start."""
    with pytest.raises(RuntimeError, match="does not exist"):
        create_app(
            store,
            street_map=STREET_MAP,
            web_dir=tmp_path / "nowhere",
            gate=ADMIN_GATE,
            now=early_morning,
        )
