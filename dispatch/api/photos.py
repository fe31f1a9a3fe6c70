"""Photos that crews take."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel

from dispatch.api.deps import IfNoneMatch, NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.etags import is_known, not_modified, tag_of
from dispatch.api.guard import ActorDep
from dispatch.domain.ids import PhotoId
from dispatch.service.crews.photos import NewPhoto, keep_photo, shown_photo

router = APIRouter(prefix="/api/v1/photos", tags=["photos"])

Picture = Annotated[
    bytes, Body(media_type="image/jpeg", description="A JPEG, PNG or WebP, with its content type")
]


class PhotoKeptOut(BaseModel):
    """That the photo is kept; `new` is false where it was before."""

    id: str
    new: bool


@router.put("/{photo_id}", responses=errors(409, 422))
def send_photo(
    photo_id: UUID, picture: Picture, actor: ActorDep, store: StoreDep, now: NowDep
) -> PhotoKeptOut:
    """Keep a photo under the tablet's id for it; sent again it is the same photo."""
    new = NewPhoto(id=PhotoId(str(photo_id)), sender=actor, body=picture)
    return PhotoKeptOut(id=new.id, new=keep_photo(new, store=store, now=now))


@router.get(
    "/{photo_id}",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}},
        304: {"description": "The copy at hand is still true"},
        **errors(404, 422),
    },
)
def read_photo(
    photo_id: UUID, actor: ActorDep, store: StoreDep, if_none_match: IfNoneMatch = None
) -> Response:
    """Return a photo as it is kept: made anew, without anything the camera wrote into it."""
    photo = shown_photo(PhotoId(str(photo_id)), actor, store=store)
    tag = tag_of(photo.id, photo.sent)
    if is_known(tag, if_none_match):
        return not_modified(tag)
    return Response(photo.body, media_type=photo.media_type, headers={"ETag": tag})
