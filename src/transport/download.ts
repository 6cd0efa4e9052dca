import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { quote } from "../kernel/sh.ts";
import type { DownloadStep, Step } from "../kernel/step.ts";
import type { Link } from "../kernel/target.ts";
import type { NotEntered } from "./enter.ts";
import type { Send, Staged } from "./staging.ts";

const blockSize = 64 * 1024;
/** One exchange brings this many blocks. */
const blocks = 16;

/** Brings the files of all downloads: each is the only step of its chain, so that nothing is under way that could change it. */
export async function bringDownloads(links: readonly Link[], staged: Map<Step, Staged>, send: Send): Promise<NotEntered | undefined> {
  for (const step of links.flatMap((l) => l.steps)) {
    if (step.do !== "download") continue;
    const brought = await bring(step, send);
    if ("status" in brought) return brought;
    staged.set(step, brought);
  }
  return undefined;
}

/** A file beside its place, under a name that nobody could know before; only a whole one takes the place. */
async function bring(step: DownloadStep, send: Send): Promise<Staged | NotEntered> {
  const temporary = join(dirname(step.local), `.rempart-${randomBytes(16).toString("hex")}`);
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(step.local), { recursive: true, mode: 0o700 });
    file = await open(temporary, "wx", 0o600);
    const read = await readAll(step, file, send);
    if (!("brought" in read)) return read;
    await file.datasync();
    await rename(temporary, step.local);
    return read;
  } catch (error) {
    return { why: `${step.local} cannot be written: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await file?.close();
    if (file) await rm(temporary, { force: true });
  }
}

async function readAll(step: DownloadStep, file: FileHandle, send: Send): Promise<Staged | NotEntered> {
  const hash = createHash("sha256");
  const moved = { why: `${step.path} changed while it was read: nothing was written` };
  for (let at = 0; at < step.size; ) {
    const piece: Buffer[] = [];
    const skip = at / blockSize;
    const script = `exec 3<&-\nexec dd if=${quote(step.path)} bs=${blockSize} skip=${skip} count=${blocks} 2>/dev/null\n`;
    const sent = await send(Buffer.from(script), "", (chunk) => piece.push(chunk));
    if ("status" in sent) return sent;
    if (sent.rc !== 0) return { why: `${step.path} could not be read: dd ended with exit code ${sent.rc}` };
    const bytes = Buffer.concat(piece);
    const due = Math.min(step.size - at, blockSize * blocks);
    if (bytes.length !== due) return moved;
    hash.update(bytes);
    await file.writeFile(bytes);
    at += due;
  }
  return hash.digest("hex") === step.sha256 ? { brought: true } : moved;
}
