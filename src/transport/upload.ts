import { randomBytes } from "node:crypto";
import { type FileHandle, open, readFile } from "node:fs/promises";
import type { Step, UploadStep } from "../kernel/step.ts";
import type { Link } from "../kernel/target.ts";
import type { NotEntered } from "./enter.ts";
import { writers } from "./frame.ts";
import { type Send, type Staged, stagingFile } from "./staging.ts";
import { printBytes } from "./words.ts";

/** Files up to this size ride in the script of their chain. */
const small = 128 * 1024;
/** One exchange carries this much of a large one. */
const chunkSize = 256 * 1024;

/**
 * Brings the files of all uploads to the target, or as far as memory allows into memory. A staging file is readable by nobody
 * else; the kept shell removes it when it ends, so a cut connection leaves none, and the chain removes it when it is over.
 */
export async function stageUploads(links: readonly Link[], send: Send): Promise<Map<Step, Staged> | NotEntered> {
  const staged = new Map<Step, Staged>();
  let inScript = 0;
  for (const step of links.flatMap((l) => l.steps)) {
    if (step.do !== "upload") continue;
    if (step.size <= small && inScript + step.size <= 8 * small) {
      inScript += step.size;
      staged.set(step, await inMemory(step));
      continue;
    }
    const large = await stageLarge(step, send);
    if ("status" in large) return large;
    staged.set(step, large);
  }
  return staged;
}

async function inMemory(step: UploadStep): Promise<Staged> {
  try {
    const bytes = await readFile(step.local);
    return bytes.length === step.size ? { bytes } : { why: `${step.local} changed while it was sent` };
  } catch (error) {
    return { why: `${step.local} cannot be read: ${message(error)}` };
  }
}

async function stageLarge(step: UploadStep, send: Send): Promise<Staged | NotEntered> {
  const name = `.rempart-${randomBytes(16).toString("hex")}`;
  const staged = await sendAll(step, name, send);
  if (!("why" in staged) || "status" in staged) return staged;
  const removed = await send(Buffer.from(`exec 3<&-\nrm -f -- ${stagingFile(name).everywhere}\n`), "");
  return "status" in removed ? removed : staged;
}

async function sendAll(step: UploadStep, name: string, send: Send): Promise<Staged | NotEntered> {
  const { file, where, everywhere } = stagingFile(name);
  const cleanup = `rp_junk="$rp_junk ${everywhere}"\n`;
  let local: FileHandle | undefined;
  try {
    local = await open(step.local);
    const buffer = Buffer.alloc(chunkSize);
    for (let at = 0; at < step.size; ) {
      const { bytesRead } = await local.read(buffer, 0, chunkSize, at);
      if (bytesRead === 0) return { why: `${step.local} changed while it was sent` };
      const create = at === 0 ? `umask 077; set -C; : >${file} || exit; set +C\n` : "";
      const head = Buffer.from(`exec 3<&-\n${writers}${where}\n${create}{ `);
      const sent = await send(
        Buffer.concat([head, printBytes(buffer.subarray(0, bytesRead)), Buffer.from(`; } >>${file}\n`)]),
        at === 0 ? cleanup : "",
      );
      if ("status" in sent) return sent;
      if (sent.rc !== 0) return { why: `${step.path}: the content could not be sent: ${sent.complaint}` };
      at += bytesRead;
    }
    return { name };
  } catch (error) {
    return { why: `${step.local} cannot be read: ${message(error)}` };
  } finally {
    await local?.close();
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
