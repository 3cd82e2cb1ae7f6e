"""What goes into and comes out of the mutations on files."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.file import file as domain
from domain.file import ports
from schema.collaboration.file import File
from schema.command import idempotency_key_field
from schema.errors import CommonError


@strawberry.input(description="A file that you are going to send.")
class RequestUploadInput:
    """Input of `requestUpload`."""

    name: str = strawberry.field(description="What it is called, at most 200 characters.")
    size: int = strawberry.field(description="Its bytes, at most 25,000,000.")
    content_type: str = strawberry.field(description="What it is, such as `image/png`; its bytes must agree.")
    purpose: domain.FilePurpose = strawberry.field(
        default=domain.FilePurpose.MESSAGE, description="What it is to go with; notes are for staff."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A file that you have sent.")
class CompleteUploadInput:
    """Input of `completeUpload`."""

    file_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="A header of a request.")
class UploadHeader:
    """One of `Upload.headers`."""

    name: str = strawberry.field(description="Its name.")
    value: str = strawberry.field(description="Its value.")


@strawberry.type(description="Where to send a file, and how.")
class Upload:
    """One request."""

    url: str = strawberry.field(description="The address; whoever has it may send this one file.")
    method: str = strawberry.field(description="The method: PUT, with the bytes as the body.")
    headers: list[UploadHeader] = strawberry.field(description="What to send with it.")
    expires_at: datetime = strawberry.field(description="Until when it can be sent.")

    @classmethod
    def of(cls, upload: ports.Upload) -> "Upload":
        """Built from what the store says."""
        headers = [UploadHeader(name=name, value=value) for name, value in upload.headers]
        return cls(url=upload.url, method="PUT", headers=headers, expires_at=upload.expires_at)


@strawberry.type(description="The file is awaited; it is forgotten after a day unless it goes with something.")
class RequestUploadSuccess:
    """Success of `requestUpload`."""

    file: File = strawberry.field(description="The file, whose id goes with what you say.")
    upload: Upload = strawberry.field(description="Where to send it.")


@strawberry.type(description="The file is looked into now, or was refused for its size. It can go with something.")
class CompleteUploadSuccess:
    """Success of `completeUpload`."""

    file: File = strawberry.field(description="The file as it stands.")


RequestUploadPayload = Annotated[
    RequestUploadSuccess | CommonError,
    strawberry.union("RequestUploadPayload", description="What came of `requestUpload`."),
]
CompleteUploadPayload = Annotated[
    CompleteUploadSuccess | CommonError,
    strawberry.union("CompleteUploadPayload", description="What came of `completeUpload`."),
]
