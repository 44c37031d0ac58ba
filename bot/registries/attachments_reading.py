"""Reads all that is attached to an image and of use: in its index, by referrers, and under cosign's tags."""

from bot.registries.attachments import Attachments
from bot.registries.attachments_basket import Basket
from bot.registries.attachments_images import read_images
from bot.registries.attachments_search import Search
from bot.registries.repository import Repository

# A few hundred small questions, and up to 200 MiB of documents.
LONGEST_READING_SECONDS = 300


async def read_attachments(repository: Repository, digest: str) -> Attachments:
    """Return the images under a digest, and the documents attached to it and to each of them.

    Whether a document is about what it is attached to, who signed it, and whether it is one at all, is for its reader
    to say; its bytes are those of its digest. Raises ImageNotFound, InvalidAnswer, and all that Repository.get raises.
    """
    images = await read_images(repository, digest)
    subjects = tuple(dict.fromkeys([digest, *(image.digest for image in images.platforms)]))
    basket = Basket(repository)
    for attestation in images.attestations:
        if attestation.subject in subjects:
            await basket.add(attestation)
        else:
            place = f"{attestation.kind.value} ({attestation.descriptor.digest})"
            basket.leave(place, "it is about no image of this index")
    for holder in await Search(repository).holders(subjects):
        await basket.add(holder)
    return Attachments(digest, images.platforms, tuple(basket.found), tuple(basket.left_out))
