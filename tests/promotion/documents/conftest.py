import json

import pytest

from bot.policies.promotions import Evidence
from bot.promotion import Source
from bot.promotion.documents import FoundDocument
from bot.promotion.documents.reading import read
from tests.promotion.documents.shapes import AMD


@pytest.fixture
def told():
    """Read a document that was found at the image of linux/amd64."""

    def read_document(document, media_type="", predicate_type="", subject=AMD):
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        return read(FoundDocument(subject, media_type, predicate_type, content, Source(Evidence.ATTESTATION, "here")))

    return read_document
