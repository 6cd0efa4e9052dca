import type { Pinhole, Reservation, RouterState } from "../../facts/router/state.ts";
import type { Change, ChangedField } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import type { RouterDriver, RouterEdit, RouterPlace } from "./driver.ts";
import { forwardText, portText } from "./ports.ts";

/** The edits as one change; none when there are none and nothing is left over from an earlier write. */
export function routerChange(
  answer: Answer<RouterState>,
  edits: readonly RouterEdit[],
  driver: RouterDriver,
  place: RouterPlace,
): readonly Change[] | Refusal {
  const now = answer.value;
  if (edits.length === 0 && !now.unsettled) return [];
  const blocked = driver.blocked?.(now);
  if (blocked !== undefined) return refusal(blocked);
  const next = nextState(now, edits, driver);
  const left: ChangedField[] = now.unsettled ? [{ name: "rules in force", before: "other than kept", after: "as kept" }] : [];
  return [
    {
      subject: driver.title,
      fields: [...left, ...edits.map(fieldOf)],
      steps: driver.steps(edits, now, next, place),
      predicts: [{ question: answer.question, value: next }],
      opaque: false,
    },
  ];
}

function nextState(now: RouterState, edits: readonly RouterEdit[], driver: RouterDriver): RouterState {
  const { record: _, ...known } = now;
  return {
    ...known,
    forwards: edited(now.forwards, edits, "forward"),
    reservations: now.reservations && edited(now.reservations, edits, "reservation"),
    pinholes: now.pinholes && edited(now.pinholes, edits, "pinhole"),
    line: driver.ownFirewall ? { ...now.line, firewall6: true } : now.line,
    unsettled: false,
  };
}

function edited<T>(list: readonly T[], edits: readonly RouterEdit[], thing: RouterEdit["thing"]): readonly T[] {
  const ours = edits.filter((e) => e.thing === thing);
  const kept = list.flatMap((one): T[] => {
    const edit = ours.find((e) => Object.is(e.before, one));
    return edit ? (edit.after ? [edit.after as T] : []) : [one];
  });
  return [...kept, ...ours.flatMap((e) => (e.before || !e.after ? [] : [e.after as T]))];
}

function fieldOf(edit: RouterEdit): ChangedField {
  const entry = edit.after ?? edit.before;
  return {
    name: `${edit.thing} ${entry?.name ?? `"${entry?.label}"`}`,
    before: edit.before && told(edit, "before"),
    after: edit.after && told(edit, "after"),
  };
}

function told(edit: RouterEdit, side: "before" | "after"): string {
  const label = edit.before && edit.after && edit.before.label !== edit.after.label ? ` "${edit[side]?.label}"` : "";
  if (edit.thing === "forward") {
    const f = edit[side];
    return f ? `${forwardText(f)}${f.source === null ? "" : ` from ${f.source}`}${f.enabled ? "" : ", switched off"}${label}` : "";
  }
  if (edit.thing === "reservation") return reservationText(edit[side]) + label;
  return pinholeText(edit[side]) + label;
}

export function reservationText(r: Reservation | undefined): string {
  return r ? `${r.ip} for ${r.mac}` : "";
}

export function pinholeText(p: Pinhole | undefined): string {
  return p
    ? `${p.protocol === "both" ? "tcp and udp" : p.protocol} ${portText(p.ports)} to ${p.to}${p.enabled ? "" : ", switched off"}`
    : "";
}
