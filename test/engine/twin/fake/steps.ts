import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type DownloadStep, isOwn, type Step, type StepResult, type UploadStep, type WriteStep } from "../../../../src/kernel/step.ts";
import { refusals, refusedCode } from "../../../../src/transport/write.ts";
import { aptPrograms } from "./apt.ts";
import { coreutils } from "./coreutils.ts";
import { dockerPrograms } from "./docker.ts";
import { type Acting, parentOf } from "./files.ts";
import type { FakeMachine } from "./machine.ts";
import { kernelPrograms } from "./modprobe.ts";
import { mountPrograms } from "./mount.ts";
import { nftPrograms } from "./nft.ts";
import { keyPrograms } from "./openssl.ts";
import type { Program } from "./program.ts";
import { shadowUtils } from "./shadow-utils.ts";
import { unitPrograms } from "./systemctl.ts";
import { NotModelled, Trouble } from "./trouble.ts";
import { firewallPrograms } from "./ufw.ts";
import { probed, runUserText, waitScript } from "./usertext.ts";
import { plainText, requestScript, sh } from "./web.ts";

const programs: Readonly<Record<string, Program>> = {
  ...coreutils,
  ...shadowUtils,
  ...aptPrograms,
  ...unitPrograms,
  ...kernelPrograms,
  ...mountPrograms,
  ...firewallPrograms,
  ...dockerPrograms,
  ...keyPrograms,
  ...nftPrograms,
  sh,
};
/** What anybody may run; the rest is for root. */
const open = new Set(Object.keys(coreutils));

/** How a step ended; `why` when it failed, in the words of the transport. */
export interface Ran {
  readonly result: StepResult;
  readonly why?: string;
}

/** Does a step on the machine. */
export function runStep(m: FakeMachine, step: Step, as: Acting): Ran {
  const ended = (rc: number, stdout: string, stderr: string): StepResult => ({ rc, stdout, stderr, seconds: 0 });
  const fine = ("okCodes" in step && step.okCodes) || [0];
  try {
    return { result: ended(0, effect(m, step, as), "") };
  } catch (error) {
    if (error instanceof Refuses && "path" in step)
      return { result: ended(refusedCode, "", ""), why: `${step.path}: ${refusals[error.message]}` };
    if (!(error instanceof Trouble)) throw error;
    const { rc, message } = error;
    if (fine.includes(rc)) return { result: ended(rc, "", message) };
    const missing = rc === 127 && step.do === "exec" ? ": it, or a program that it calls, is not on this host" : "";
    return { result: ended(rc, "", message), why: `${nameOf(step)} ended with exit code ${rc}${missing}` };
  }
}

export function nameOf(step: Step): string {
  return step.do === "exec" ? (step.argv[0] ?? "") : "path" in step ? `writing ${step.path}` : "the script";
}

class Refuses extends Error {}

function effect(m: FakeMachine, step: Step, as: Acting): string {
  if (step.do === "call" || isOwn(step)) throw new NotModelled(`a step ${step.do}`);
  if (step.do === "write") return place(m, step, Buffer.from(plainText(step.content)), as);
  if (step.do === "upload") return place(m, step, readFileSync(step.local), as);
  if (step.do === "download") return brought(m, step);
  if (step.do === "script") {
    const text = plainText(step.text);
    if (text.startsWith("_http() {")) return requestScript(m, text);
    if (text.startsWith("_ok() {")) return waitScript(m, text);
    return runUserText(m, text.split(" "), as);
  }
  const [program = "", ...words] = step.argv;
  if (step.userText) return runUserText(m, step.argv, as);
  const known = programs[program];
  if (!known) throw new NotModelled(`the program ${step.argv.join(" ")}`);
  if (as.uid !== 0 && !open.has(program)) throw new Trouble(1, `${program}: only root may do that`);
  return known(m, words, plainText(step.stdin ?? ""), as);
}

/** The place on the controller is real: what it holds is looked at when the next task is decided. */
function brought(m: FakeMachine, step: DownloadStep): string {
  const there = m.files.through(step.path);
  if (there?.kind !== "file" || m.digest(there.content) !== step.sha256) throw new Trouble(1, "changed while it was read");
  mkdirSync(dirname(step.local), { recursive: true });
  writeFileSync(step.local, there.content);
  return "";
}

/** A write in the order of the transport's own: what it looks at before the rename. */
function place(m: FakeMachine, step: WriteStep | UploadStep, content: Buffer, as: Acting): string {
  const { files, accounts } = m;
  const { path } = step;
  if (files.through(path)?.kind === "directory") throw new Refuses("directory");
  if (files.through(parentOf(path))?.kind !== "directory") throw new Refuses("folder");
  const real = files.real(path) ?? path;
  if (as.uid !== 0 && !real.startsWith("/home/admin/")) throw new Refuses("temporary");
  const [uid, gid] = [accounts.uidOf(step.owner), accounts.gidOf(step.group)];
  if (uid === undefined || gid === undefined || (as.uid !== 0 && uid !== as.uid)) throw new Refuses("owner");
  const node = { kind: "file" as const, mode: Number.parseInt(step.mode, 8), uid, gid, content };
  if (step.validate !== undefined) {
    files.put("/root/new", node);
    const { rc } = probed(m, { text: step.validate.replaceAll("%s", "/root/new") });
    files.remove("/root/new");
    if (rc !== 0) throw new Refuses("invalid");
  }
  const there = files.at(path);
  if (step.replaces === null && there) throw new Refuses("exists");
  if (typeof step.replaces === "string" && (there?.kind !== "file" || m.digest(there.content) !== step.replaces))
    throw new Refuses("moved");
  files.put(path, node);
  return "";
}
