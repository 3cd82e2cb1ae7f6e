"""Documents of every supported format, read one at a time, each problem told and passed over."""

from infra.documents.files import Folder, Reading, collect
from infra.documents.formats import EXTENSIONS, parse, read

__all__ = ["EXTENSIONS", "Folder", "Reading", "collect", "parse", "read"]
