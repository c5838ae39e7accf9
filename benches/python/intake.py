"""The peers of intake: intake.py look|thumbnail FOLDER, or intake.py cuts VIDEO.

Prints CPU seconds without start-up and imports, the peak memory of the process in MiB, and what was
found. `look` reads, decodes whole, turns, hashes and fingerprints; `thumbnail` writes the small copy
too, and the large one of what was turned.
"""

import hashlib
import io
import sys
import time
from pathlib import Path

from peak import peak_mib

WORK, PLACE = sys.argv[1:3]
if WORK == "cuts":
    from scenedetect import ContentDetector, detect
else:
    from PIL import Image, ImageOps


def look(path, copies):
    data = path.read_bytes()
    hashlib.sha256(data).digest()
    with Image.open(io.BytesIO(data)) as stored:
        stored.load()
        image = ImageOps.exif_transpose(stored)
        turned = stored.getexif().get(0x0112, 1) != 1
    small = image.copy()
    small.thumbnail((256, 256), Image.Resampling.BOX)
    grey = small.convert("L").resize((9, 8), Image.Resampling.BILINEAR).tobytes()
    bits = 0
    for row in range(8):
        for at in range(8):
            bits = bits << 1 | (grey[row * 9 + at] < grey[row * 9 + at + 1])
    if copies:
        small.save(io.BytesIO(), "JPEG", quality=80)
        if turned:
            image.save(io.BytesIO(), "JPEG", quality=92)
    return image.size


def main():
    before = time.process_time()
    if WORK == "cuts":
        scenes = detect(PLACE, ContentDetector())
        answer = ",".join(str(scene[0].frame_num) for scene in scenes[1:])
    else:
        sizes = [look(path, WORK == "thumbnail") for path in sorted(Path(PLACE).glob("*.jpg"))]
        answer = "x".join(str(sum(size[at] for size in sizes)) for at in (0, 1))
    print(f"{time.process_time() - before:.3f} {peak_mib():.1f} {answer}")


main()
