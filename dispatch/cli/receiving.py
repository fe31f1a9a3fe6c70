"""What brings payloads into the service, as the settings want it."""

from __future__ import annotations

import re
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING

from dispatch.cli.shared import now
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.service.inbox import Inbox
from dispatch.service.ingest import FORMATS
from dispatch.service.reactions import Reactions
from dispatch.service.repeating import Repeating
from dispatch.service.transports.folder import Folder
from dispatch.service.transports.mqtt import Broker, MqttTransport, Topic
from dispatch.service.transports.terratransfer import TerraTransferApi, TerraTransferPoll
from dispatch.service.transports.web import fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.cli.serving import Part
    from dispatch.domain.signal import Signal
    from dispatch.settings import Settings
    from dispatch.store import Store

MEGABYTE = 1_000_000


def receiving(
    settings: Settings, store: Store, *, on_stored: Callable[[Sequence[Signal]], None]
) -> tuple[Inbox, list[Part]]:
    """Return the inbox of the service, and all parts to start for it, the inbox among them.

    `on_stored` is told the signals of each commit.

    Raises InvalidInput C240 with every setting of a transport that cannot be used.
    """
    reactions = Reactions(store, now=now, history_days=settings.history_days)
    inbox = Inbox(store, on_news=reactions.tell, on_stored=on_stored)
    parts: list[Part] = [reactions] if settings.react else []
    return inbox, [*parts, inbox, *_transports(settings, store, inbox)]


def _transports(settings: Settings, store: Store, inbox: Inbox) -> list[Part]:
    found: list[Part] = []
    most_bytes = settings.body_limit_mb * MEGABYTE
    if settings.mqtt_host:
        broker = broker_of(settings)
        found.append(MqttTransport(broker, inbox=inbox, now=now, random=SystemRandom()))
    if settings.inbox_dir is not None:
        if not settings.inbox_dir.is_dir():
            raise _unusable("DISPATCH_INBOX_DIR", f"{settings.inbox_dir} is no folder")
        folder = Folder(settings.inbox_dir, inbox=inbox, now=now, most_bytes=most_bytes)
        found.append(Repeating(folder.look, every_s=settings.inbox_seconds, name="folder"))
    if settings.terratransfer_url:
        poll = TerraTransferPoll(
            api_of(settings),
            fetch=partial(fetch, most_bytes=most_bytes),
            store=store,
            inbox=inbox,
            now=now,
            random=SystemRandom(),
        )
        every_s = 60 * settings.terratransfer_minutes
        found.append(Repeating(poll.poll, every_s=every_s, name="terratransfer"))
    return found


def api_of(settings: Settings) -> TerraTransferApi:
    """Return the web service that the settings name; raises InvalidInput C240."""
    loggers = tuple(filter(None, re.split(r"[,\s]+", settings.terratransfer_loggers)))
    if not settings.terratransfer_url.startswith(("https://", "http://")):
        raise _unusable("DISPATCH_TERRATRANSFER_URL", "it begins with neither https:// nor http://")
    if not loggers:
        raise _unusable("DISPATCH_TERRATRANSFER_LOGGERS", "it names no logger")
    return TerraTransferApi(
        url=settings.terratransfer_url,
        key=settings.terratransfer_key.get_secret_value(),
        loggers=loggers,
    )


def broker_of(settings: Settings) -> Broker:
    """Return the broker that the settings name; raises InvalidInput C240."""
    if settings.mqtt_ca_file is not None and not settings.mqtt_ca_file.is_file():
        raise _unusable("DISPATCH_MQTT_CA_FILE", f"{settings.mqtt_ca_file} is no file")
    return Broker(
        host=settings.mqtt_host,
        port=settings.mqtt_port,
        client_id=settings.mqtt_client_id,
        topics=topics_of(settings.mqtt_topics),
        user=settings.mqtt_user,
        password=settings.mqtt_password.get_secret_value(),
        tls=settings.mqtt_tls,
        ca_file=settings.mqtt_ca_file,
        share=settings.mqtt_share,
        version_5=settings.mqtt_version == "5",
        most_bytes=settings.body_limit_mb * MEGABYTE,
    )


def topics_of(text: str) -> tuple[Topic, ...]:
    """Return the topics of `FILTER=FORMAT,FILTER=FORMAT`; raises InvalidInput C240."""
    found: list[Topic] = []
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, format_name = piece.rpartition("=")
        if not name or format_name not in FORMATS:
            raise _unusable("DISPATCH_MQTT_TOPICS", f"{piece} is no FILTER=FORMAT of ours")
        found.append(Topic(filter=name, format=format_name))
    if not found:
        raise _unusable("DISPATCH_MQTT_TOPICS", "it names no topic")
    return tuple(found)


def _unusable(name: str, cause: str) -> InvalidInput:
    return InvalidInput(
        Issue(
            code="C240",
            subject=name,
            cause=cause,
            action=f"Correct it; formats are {', '.join(FORMATS)}",
        )
    )
