import type { Unit } from "../../facts/unit.ts";
import { type Change, type ChangedField, change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";

/** What shall be true of a unit; what is not given is left as it is. */
export interface UnitWish {
  readonly name: string;
  readonly state?: "started" | "stopped" | "restarted" | "reloaded";
  readonly enabled?: boolean;
  readonly masked?: boolean;
}

/** States in which `systemctl enable` has nothing to do; the first two are what `disable` undoes. */
const bootsAnyway = ["enabled", "enabled-runtime", "static", "alias", "indirect", "generated", "transient"];
const running = ["active", "activating", "reloading"];

/** The one change that fulfils the wish; `stale` says that systemd must read its files again in any case. */
export function changeUnit(answer: Answer<Unit>, wish: UnitWish, stale: boolean): Change[] | Refusal {
  const now = answer.value;
  const runs = running.includes(now.active);
  const name = now.load === "loaded" ? now.id : wish.name;
  const patch: { -readonly [F in keyof Unit]?: Unit[F] } = {};
  const steps: ExecStep[] = [];
  const systemctl = (...words: string[]): void => void steps.push(exec("systemctl", ...words, name));

  if (wish.state === "started" && !runs && now.oneshot && now.load === "loaded")
    return refusal(
      `${now.id} runs and ends (Type=oneshot without RemainAfterExit): it is never "started"; enable its timer, or write \`state: restarted\` in a handler to run it`,
    );

  if (wish.masked === true && !isMasked(now) && now.load === "loaded" && now.id !== wish.name)
    return refusal(
      `${wish.name} is another name of ${now.id}, which would be masked in its place: write \`name: ${now.id}\`, or take this name alone away with \`file: { path: /etc/systemd/system/${wish.name}, state: link, src: /dev/null, force: true }\``,
    );

  if (wish.masked === false && isMasked(now)) {
    systemctl("unmask");
    Object.assign(patch, { load: "loaded", enabled: "disabled" });
  }
  const isOn = bootsAnyway.includes(now.enabled);
  const enable = wish.enabled === true && !isOn;
  const disable = wish.enabled === false && (now.enabled === "enabled" || now.enabled === "enabled-runtime");
  const start = (wish.state === "started" || wish.state === "reloaded") && !runs;
  const begins = enable || start || wish.state === "restarted" || wish.state === "reloaded";
  const reread = now.stale || now.load === "not-found" || steps.length > 0;
  if (stale || (begins && reread)) {
    steps.push(exec("systemctl", "daemon-reload"));
    patch.stale = false;
  }
  if (wish.state === "stopped" && (runs || now.active === "deactivating")) {
    systemctl("stop");
    patch.active = "inactive";
  }
  if (enable) systemctl("enable");
  if (disable) systemctl("disable");
  if (enable || disable) patch.enabled = enable ? "enabled" : "disabled";
  if (wish.masked === true && !isMasked(now)) {
    systemctl("mask");
    Object.assign(patch, { load: "masked", enabled: "masked" });
  }
  if (wish.state === "restarted") systemctl("restart");
  else if (start) systemctl("start");
  else if (wish.state === "reloaded") systemctl("reload");
  if (start || wish.state === "restarted") Object.assign(patch, { active: "active", invocation: null });
  if (steps.length === 0) return [];

  const onlyLinks = steps.length === 1 && (enable || disable) && now.load === "loaded" && !now.stale;
  const undo = { paths: [], run: undoUnit(now, name, steps) };
  const planned = change(answer, patch, { do: steps, opaque: !onlyLinks, subject: `unit ${name}`, undo });
  const fields = planned.fields.filter((f) => f.name !== "invocation" && f.name !== "load").map(inWords);
  if (wish.state === "restarted" && runs) fields.push({ name: "active", before: now.active, after: "restarted" });
  if (wish.state === "reloaded" && runs) fields.push({ name: "active", before: now.active, after: "reloaded" });
  return [{ ...planned, fields }];
}

/** Behind the files that were put back: what the steps did to the unit, the other way round. */
function undoUnit(now: Unit, name: string, steps: readonly ExecStep[]): string[][] {
  const did = (verb: string): boolean => steps.some((s) => s.argv[1] === verb);
  const run: string[][] = [];
  const systemctl = (...words: string[]): void => void run.push(["systemctl", ...words, name]);
  if (did("daemon-reload")) run.push(["systemctl", "daemon-reload"]);
  if (did("mask")) systemctl("unmask");
  if (did("enable")) systemctl("disable");
  if (did("disable")) systemctl("enable", ...(now.enabled === "enabled-runtime" ? ["--runtime"] : []));
  const runs = running.includes(now.active);
  // What failed to start too often would not be started again.
  if (runs && (did("stop") || did("restart") || did("reload"))) systemctl("reset-failed");
  if (did("restart") && (runs || now.oneshot)) systemctl("restart");
  else if (did("reload") && runs) systemctl("reload-or-restart");
  else if (did("stop") && runs) systemctl("start");
  else if ((did("start") || did("restart")) && !runs) systemctl("stop");
  if (did("unmask")) systemctl("mask");
  return run;
}

/** systemd's words, but for what systemd has as yes and no. */
function inWords(field: ChangedField): ChangedField {
  if (field.name === "stale") return { name: "unit file", before: "newer than what systemd has read", after: "read" };
  return field.before === "" ? { ...field, before: undefined } : field;
}

function isMasked(unit: Unit): boolean {
  return unit.enabled === "masked" || unit.load === "masked";
}
