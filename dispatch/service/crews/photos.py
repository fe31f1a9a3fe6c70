"""Photos that crews take: kept once under the tablet's id, shown to their organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.access import Actor
from dispatch.domain.errors import Conflict, Issue
from dispatch.domain.ids import PhotoId, digest
from dispatch.domain.road import Photo
from dispatch.service.crews.images import MEDIA_TYPE, cleaned

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhoto:
    """What a crew's device sends, under an id that it made."""

    id: PhotoId
    sender: Actor
    body: bytes


def keep_photo(new: NewPhoto, *, store: Store, now: datetime) -> bool:
    """Keep a photo, and tell whether it was new: sent again, it is the same one.

    Raises InvalidInput for what is no picture (`images.cleaned`), Conflict (S743) if another one
    was sent under the id.
    """
    sent = digest(new.body)
    with store.read() as tx:
        if _is_kept(new, sent, tx):
            return False
    picture = cleaned(new.body)
    crew_id, organisation = new.sender.crew_id, new.sender.organisation
    if crew_id is None or organisation is None:
        message = f"{new.sender.id} is no crew's device"
        raise ValueError(message)
    photo = Photo(
        id=new.id,
        crew_id=crew_id,
        organisation=organisation,
        received_at=now,
        media_type=MEDIA_TYPE,
        width=picture.width,
        height=picture.height,
        sent=sent,
        body=picture.body,
    )
    with store.begin() as tx:
        tx.add_photo(photo)
        # Somebody else may have taken the id meanwhile.
        _is_kept(new, sent, tx)
    return True


def shown_photo(photo_id: PhotoId, actor: Actor, *, store: Store) -> Photo:
    """Return the photo; raises NotFound, NotAllowed for another organisation's or crew's."""
    with store.read() as tx:
        photo = tx.photo(photo_id)
    actor.must_reach(photo.organisation)
    actor.must_be_crew(photo.crew_id)
    return photo


def _is_kept(new: NewPhoto, sent: str, tx: Transaction) -> bool:
    known = tx.photo_sent(new.id)
    if known is None:
        return False
    if known == (new.sender.crew_id, sent):
        return True
    raise Conflict(
        Issue(
            code="S743",
            subject=f"photo {new.id}",
            cause="another picture was sent under this id before",
            action="Give each picture an id of its own",
        )
    )
