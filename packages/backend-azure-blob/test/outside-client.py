"""What the Python SDK of Azure sees of a container, and what it puts there. JSON in, JSON out."""

import hashlib
import json
import sys
import urllib.request
from email.header import decode_header, make_header

from azure.storage.blob import BlobServiceClient, ContentSettings, StandardBlobTier


def seen(container, key):
    blob = container.get_blob_client(key)
    body = blob.download_blob(validate_content=True).readall()
    properties = blob.get_blob_properties()
    settings = properties.content_settings
    return {
        "sha256": hashlib.sha256(body).hexdigest(),
        "size": properties.size,
        "etag": properties.etag,
        "contentType": settings.content_type,
        "cacheControl": settings.cache_control,
        "contentDisposition": settings.content_disposition,
        "contentEncoding": settings.content_encoding,
        "contentLanguage": settings.content_language,
        "md5": settings.content_md5.hex() if settings.content_md5 else None,
        "tier": properties.blob_tier,
        # As RFC 2047 has it, for what is not ASCII.
        "metadata": {name: str(make_header(decode_header(value))) for name, value in properties.metadata.items()},
        "tags": blob.get_blob_tags(),
    }


def write(container, item):
    blob = container.get_blob_client(item["key"])
    body = item["text"].encode() * item.get("times", 1)
    blob.upload_blob(
        body,
        content_settings=ContentSettings(content_type=item["contentType"], cache_control="max-age=7"),
        metadata=item["metadata"],
        tags=item.get("tags"),
        standard_blob_tier=StandardBlobTier(item["tier"]) if "tier" in item else None,
    )
    return blob.get_blob_properties().etag


def main():
    request = json.load(sys.stdin)
    service = BlobServiceClient(
        request["endpointUrl"],
        credential={"account_name": request["accountName"], "account_key": request["accountKey"]},
        # Blocks, for what is larger.
        max_single_put_size=1 << 20,
        max_block_size=1 << 20,
    )
    container = service.get_container_client(request["container"])
    listed = list(container.list_blobs(include=["metadata", "tags"]))
    answer = {
        "listed": {item.name: item.metadata for item in listed},
        "seen": {key: seen(container, key) for key in request["read"]},
        "fetched": {url: urllib.request.urlopen(url).read().decode() for url in request["fetch"]},
        "written": {item["key"]: write(container, item) for item in request["write"]},
    }
    for key in request["delete"]:
        container.delete_blob(key)
    json.dump(answer, sys.stdout)


main()
