"""Entity tags: a client that has the newest copy is told so instead of sent it again."""

from fastapi import Response

from dispatch.domain.ids import digest


def tag_of(*parts: str | bytes) -> str:
    """Return the strong tag for a document that is determined by these parts."""
    return f'"{digest(*parts)}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Tell whether the client has the copy with this tag (RFC 9110, section 13.1.2)."""
    if if_none_match is None:
        return False
    known = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in known or "*" in known


def not_modified(tag: str) -> Response:
    """Return the answer without body to a client whose copy is still true."""
    return Response(status_code=304, headers={"ETag": tag})


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether the client names gzip and does not rule it out by a quality of zero."""
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return weight.strip("0.") != "" or weight == ""
    return False
