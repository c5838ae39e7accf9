// Zip files, just enough to edit a Word file as another program would: every entry out, one changed,
// all back in.

import { crc32, inflateRawSync } from "node:zlib";

const ENTRY = 0x04034b50;
const LISTED = 0x02014b50;
const END = 0x06054b50;

/** The files of an archive by name, in their order. */
export function unzip(bytes) {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error("no zip file");
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (bytes.readUInt32LE(at) !== LISTED) throw new Error("the directory is broken");
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const start = bytes.readUInt32LE(at + 42);
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const packed = bytes.subarray(from, from + size);
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), {
      bytes: method === 0 ? packed : inflateRawSync(packed),
      /** Where its own bytes begin in the archive, and how many they are. */
      from,
      size,
    });
    at += 46 + name + extra + comment;
  }
  return files;
}

/** An archive of these files, stored as they are. */
export function zip(files) {
  const [parts, list] = [[], []];
  let at = 0;
  for (const [path, bytes] of files) {
    const name = Buffer.from(path, "utf8");
    // Flag 11: names are UTF-8. The date is the first day that the format knows.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(ENTRY);
    parts.push(head, common, name, bytes);
    const listed = Buffer.alloc(6);
    listed.writeUInt32LE(LISTED);
    listed.writeUInt16LE(20, 4);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    list.push(listed, common, rest, name);
    at += 30 + name.length + bytes.length;
  }
  const size = list.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...list, end]);
}
