// Files on their way to the server: in parts, each behind the last byte that the server has, so that
// a lost network costs one part and not the file.

export interface Carrier {
  begin: (file: File) => Promise<{ upload: string; offset: number }>;
  /** Sends a part; the offset behind it. */
  send: (upload: string, offset: number, part: Blob) => Promise<number>;
  /** How much the server has. */
  has: (upload: string) => Promise<number>;
  /** Whether another try makes sense. */
  away: (error: unknown) => boolean;
  pause: (milliseconds: number) => Promise<void>;
}

export const PART = 8 * 1024 * 1024;
const TRIES = 12;
const LAST_PAUSE = 30_000;

/** Carries a whole file; the name under which the server has it. */
export async function carry(
  file: File,
  carrier: Carrier,
  told: (sent: number) => void,
  part = PART,
): Promise<string> {
  let failures = 0;
  const again = async <T>(act: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        failures += 1;
        if (!carrier.away(error) || failures > TRIES) throw error;
        await carrier.pause(Math.min(LAST_PAUSE, 500 * 2 ** failures));
      }
    }
  };
  const { upload, offset } = await again(() => carrier.begin(file));
  let sent = offset;
  told(sent);
  while (sent < file.size) {
    const from = sent;
    try {
      sent = await carrier.send(upload, from, file.slice(from, from + part));
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!carrier.away(error) || failures > TRIES) throw error;
      await carrier.pause(Math.min(LAST_PAUSE, 500 * 2 ** failures));
      // The part may have arrived although its answer did not.
      sent = await again(() => carrier.has(upload));
    }
    told(sent);
  }
  return upload;
}

/** Runs `act` on all of them, `lanes` at once, in their order. */
export async function each<T>(
  all: readonly T[],
  lanes: number,
  act: (one: T, at: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < all.length; at = next++) {
      const one = all[at];
      if (one !== undefined) await act(one, at);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** All files of what was dropped, folders with all below them. */
export async function droppedFiles(items: DataTransferItemList): Promise<File[]> {
  // The list is gone after the first pause: the entries are taken at once.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: File[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (entry.isFile) {
    found.push(
      await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed)),
    );
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred at a time, and nothing at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) =>
      reader.readEntries(done, failed),
    );
    if (some.length === 0) return;
    for (const one of some) await walk(one, found);
  }
}
