//! Files of a tar archive, read from front to back. Names come from the header, from the long
//! name of GNU or from pax; what is no regular file is named and passed over. Knows POSIX ustar.

use std::io::{self, Read};

const BLOCK: usize = 512;
/// Bytes of a long name or of a pax record at most.
const MOST_RECORD: u64 = 64 << 10;

/// What comes next in an archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A regular file; its bytes follow.
    File { name: Vec<u8>, size: u64 },
    /// A folder.
    Folder,
    /// A link, a device, a sparse file: nothing that is taken.
    Other { name: Vec<u8> },
}

/// An archive being read.
pub(crate) struct Tar<R> {
    inner: R,
    /// Bytes of the present file that were not read, and what pads them.
    left: u64,
    padding: u64,
    /// Bytes read.
    pub(crate) at: u64,
}

/// Whether a block is the header of a tar archive: its sum is right.
pub(crate) fn is_header(block: &[u8]) -> bool {
    let Some(block) = block.get(..BLOCK) else { return false };
    let Some(stated) = octal(&block[148..156]) else { return false };
    let sum = |at: usize, byte: u8| u64::from(if (148..156).contains(&at) { b' ' } else { byte });
    let sum: u64 = block.iter().enumerate().map(|(at, byte)| sum(at, *byte)).sum();
    stated == sum && block[0] != 0
}

/// A number in octal digits, or in 63 bits when the first one is set.
fn octal(field: &[u8]) -> Option<u64> {
    if let [0x80, rest @ ..] = field {
        return rest
            .iter()
            .try_fold(0_u64, |value, byte| value.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let text = field.split(|byte| *byte == 0).next()?;
    let text = std::str::from_utf8(text).ok()?.trim();
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

fn until_zero(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn broken(said: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, said.to_owned())
}

impl<R: Read> Tar<R> {
    pub(crate) const fn new(inner: R) -> Self {
        Self { inner, left: 0, padding: 0, at: 0 }
    }

    /// The next thing; `None` at the end. What was not read of the file before is passed over.
    ///
    /// # Errors
    /// When a header is broken, or the archive ends inside something.
    pub(crate) fn next(&mut self) -> io::Result<Option<Next>> {
        let (mut long, mut size) = (None, None);
        loop {
            self.skip(self.left + self.padding)?;
            (self.left, self.padding) = (0, 0);
            let Some(header) = self.header()? else { return Ok(None) };
            let stated = octal(&header[124..136]).ok_or_else(|| broken("a size is no number"))?;
            let stated = size.unwrap_or(stated);
            self.left = stated;
            self.padding = (BLOCK as u64 - stated % BLOCK as u64) % BLOCK as u64;
            match header[156] {
                b'L' => long = Some(until_zero(&self.record()?).to_vec()),
                b'x' => {
                    let record = self.record()?;
                    for (key, value) in pax(&record) {
                        match key {
                            b"path" => long = Some(value.to_vec()),
                            b"size" => {
                                let text = std::str::from_utf8(value).ok();
                                size = text.and_then(|text| text.parse().ok());
                            }
                            _ => (),
                        }
                    }
                }
                // What holds for all files that follow: nothing of it is needed.
                b'g' | b'K' => (),
                b'0' | 0 | b'7' => {
                    let name = long.unwrap_or_else(|| name(&header));
                    if name.ends_with(b"/") {
                        return Ok(Some(Next::Folder));
                    }
                    return Ok(Some(Next::File { name, size: stated }));
                }
                b'5' => return Ok(Some(Next::Folder)),
                _ => {
                    let name = long.unwrap_or_else(|| name(&header));
                    return Ok(Some(Next::Other { name }));
                }
            }
        }
    }

    fn header(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        let mut block = [0; BLOCK];
        let mut have = 0;
        while have < BLOCK {
            match self.inner.read(&mut block[have..])? {
                0 if have == 0 => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => have += more,
            }
        }
        self.at += BLOCK as u64;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        if !is_header(&block) {
            return Err(broken("the sum of a header is wrong"));
        }
        Ok(Some(block))
    }

    fn record(&mut self) -> io::Result<Vec<u8>> {
        if self.left > MOST_RECORD {
            return Err(broken("a name is too long"));
        }
        let mut record = Vec::new();
        self.read_to_end(&mut record)?;
        Ok(record)
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.inner.by_ref().take(bytes), &mut io::sink())?;
        self.at += skipped;
        if skipped == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// The bytes of the present file.
impl<R: Read> Read for Tar<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        if most == 0 {
            return Ok(0);
        }
        let have = self.inner.read(&mut out[..most])?;
        if have == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= have as u64;
        self.at += have as u64;
        Ok(have)
    }
}

fn name(header: &[u8; BLOCK]) -> Vec<u8> {
    let (name, prefix) = (until_zero(&header[..100]), until_zero(&header[345..500]));
    if prefix.is_empty() || &header[257..262] != b"ustar" || header[262] == b' ' {
        return name.to_vec();
    }
    [prefix, b"/", name].concat()
}

/// The records of a pax header: `length key=value\n`.
fn pax(mut record: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut pairs = Vec::new();
    while let Some(space) = record.iter().position(|byte| *byte == b' ') {
        let length = std::str::from_utf8(&record[..space]).ok().and_then(|text| text.parse().ok());
        let Some(length) = length.filter(|length| *length > space + 1) else { return pairs };
        let Some(line) = record.get(space + 1..length) else { return pairs };
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if let Some(equals) = line.iter().position(|byte| *byte == b'=') {
            pairs.push((&line[..equals], &line[equals + 1..]));
        }
        record = &record[length..];
    }
    pairs
}
