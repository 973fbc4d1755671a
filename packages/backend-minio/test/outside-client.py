"""What boto3 sees of a bucket, and what it puts there. JSON in, JSON out."""

import hashlib
import json
import sys
import urllib.request
from email.header import decode_header, make_header

import boto3
from boto3.s3.transfer import TransferConfig


def seen(s3, bucket, key):
    answer = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    body = answer["Body"].read()  # boto3 verifies the checksum that the service stored
    tags = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    head = s3.head_object(Bucket=bucket, Key=key)
    return {
        "sha256": hashlib.sha256(body).hexdigest(),
        "size": head["ContentLength"],
        "etag": head["ETag"],
        "contentType": answer["ContentType"],
        "cacheControl": answer.get("CacheControl"),
        "contentDisposition": answer.get("ContentDisposition"),
        "contentEncoding": answer.get("ContentEncoding"),
        "contentLanguage": answer.get("ContentLanguage"),
        "encryption": answer.get("ServerSideEncryption"),
        # As RFC 2047 has it, which is how S3 shows what is not ASCII.
        "metadata": {name: str(make_header(decode_header(value))) for name, value in answer["Metadata"].items()},
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def write(s3, bucket, item):
    body = item["text"].encode() * item.get("times", 1)
    extra = {"ContentType": item["contentType"], "Metadata": item["metadata"]}
    if item.get("parts"):
        import io

        config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
        s3.upload_fileobj(io.BytesIO(body), bucket, item["key"], ExtraArgs=extra, Config=config)
    else:
        extra["CacheControl"] = "max-age=7"
        extra["Tagging"] = item["tagging"]
        if item.get("encrypted"):
            extra["ServerSideEncryption"] = "AES256"
        s3.put_object(Bucket=bucket, Key=item["key"], Body=body, **extra)
    return s3.head_object(Bucket=bucket, Key=item["key"])["ETag"]


def main():
    request = json.load(sys.stdin)
    s3 = boto3.client(
        "s3",
        endpoint_url=request["endpointUrl"],
        aws_access_key_id=request["accessKey"],
        aws_secret_access_key=request["secretKey"],
        region_name="us-east-1",
    )
    bucket = request["bucket"]
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2})
    answer = {
        "listed": [item["Key"] for page in listed for item in page.get("Contents", [])],
        "seen": {key: seen(s3, bucket, key) for key in request["read"]},
        "fetched": {url: urllib.request.urlopen(url).read().decode() for url in request["fetch"]},
        "written": {item["key"]: write(s3, bucket, item) for item in request["write"]},
    }
    for key in request["delete"]:
        s3.delete_object(Bucket=bucket, Key=key)
    json.dump(answer, sys.stdout)


main()
