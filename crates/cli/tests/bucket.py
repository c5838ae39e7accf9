# An S3-compatible server of moto with a bucket of objects; says its address, ends with its input.
import sys

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
address = f"http://{host}:{port}"
client = boto3.client(
    "s3",
    endpoint_url=address,
    region_name="us-east-1",
    aws_access_key_id="id",
    aws_secret_access_key="secret",
)
client.create_bucket(Bucket="data")
objects = {
    "texts/": b"",
    "texts/房间.txt": "房间很干净\n".encode(),
    "texts/sub/": b"",
    "texts/sub/a b+c%20d.txt": b"quiet\n",
    "texts/sub/same.txt": b"quiet\n",
    "texts/name:of.txt": b"loud\n",
    "texts/clash": b"a file\n",
    "texts/clash/b.txt": b"below a file\n",
    "textsother/x.txt": b"not below the prefix\n",
    "large.txt": b"0123456789abcdef\n" * 50_000,
}
objects.update({f"many/{at:04}.txt": f"text {at}\n".encode() for at in range(1100)})
for key, body in objects.items():
    client.put_object(Bucket="data", Key=key, Body=body)
print(address, flush=True)
sys.stdin.read()
server.stop()
