"""Who signed a document for an image: sigstore's bundles, behind plain values."""
