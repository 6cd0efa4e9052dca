/** What a listing says of one thing in a folder. A time is in seconds since 1970, and -1 where the host cannot tell it. */
export interface Entry {
  readonly type: "file" | "directory" | "link" | "other";
  /** Four octal digits. */
  readonly mode: string;
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly atime: number;
  readonly ctime: number;
  readonly links: number;
  readonly inode: number;
}

/** Reads a line of `_entries`. */
export function readEntry(line: string): Entry {
  const [mode = "", ...rest] = line.split(" ");
  const numbers = rest.map(Number);
  if (rest.length !== 8 || numbers.some((n) => !Number.isInteger(n))) throw new Error(`not a line of a listing: ${JSON.stringify(line)}`);
  const [size = 0, uid = 0, gid = 0, mtime = 0, atime = 0, ctime = 0, links = 0, inode = 0] = numbers;
  return { ...kindOf(mode), size, uid, gid, mtime, atime, ctime, links, inode };
}

const letters: Readonly<Record<string, Entry["type"]>> = { "-": "file", d: "directory", l: "link" };

function kindOf(mode: string): Pick<Entry, "type" | "mode"> {
  if (!/^[-dlbcps]([-r][-w][-xsStT]){3}/.test(mode)) throw new Error(`not the mode of a listing: ${JSON.stringify(mode)}`);
  return { type: letters[mode[0] ?? ""] ?? "other", mode: octalMode(mode) };
}

/** Four octal digits of `drwxr-sr-t`. */
export function octalMode(mode: string): string {
  return bitsOf(mode.slice(1, 10)).toString(8).padStart(4, "0");
}

function bitsOf(letters: string): number {
  const special = [0o4000, 0o2000, 0o1000];
  return [0, 1, 2].reduce((bits, i) => {
    const [r, w, x = "-"] = letters.slice(3 * i, 3 * i + 3);
    const triple = (r === "r" ? 4 : 0) + (w === "w" ? 2 : 0) + ("xst".includes(x) ? 1 : 0);
    return bits + (triple << (6 - 3 * i)) + ("sStT".includes(x) ? (special[i] ?? 0) : 0);
  }, 0);
}
