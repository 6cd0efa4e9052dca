import { type NewAccounts, type NumberRange, newAccounts } from "../../facts/new-accounts.ts";
import type { Prediction } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";

/**
 * A number for a new group, chosen as groupadd does: one above the highest, for a system group the highest that is free.
 * Undefined where only the host can choose.
 */
export function freeGid(answer: Answer<NewAccounts> | undefined, system: boolean): number | undefined {
  const host = known(answer);
  return host && pick(system ? host.systemGroup : host.group, new Set(host.gids), system);
}

/** The same for a new user. `withGroup`: its own group is made with it and gets the same number. */
export function freeUid(answer: Answer<NewAccounts> | undefined, system: boolean, withGroup: boolean): number | undefined {
  const host = known(answer);
  return host && pick(system ? host.systemUser : host.user, new Set([...host.uids, ...(withGroup ? host.gids : [])]), system);
}

/** The host behind a new account: its numbers are taken then. */
export function taken(answer: Answer<NewAccounts>, uid: number | undefined, gid: number | undefined): Prediction<NewAccounts> {
  const { uids, gids } = answer.value;
  return {
    question: answer.question,
    value: {
      ...answer.value,
      uids: uid === undefined ? uids : [...uids, uid],
      gids: gid === undefined ? gids : [...gids, gid],
    },
  };
}

/** Asked only where a number has to be chosen. */
export function asksForNumbers(needed: boolean) {
  return needed ? [newAccounts(null)] : [];
}

function known(answer: Answer<NewAccounts> | undefined): NewAccounts | undefined {
  return !answer || answer.missing || answer.value.foreign ? undefined : answer.value;
}

function pick({ first, last }: NumberRange, used: ReadonlySet<number>, system: boolean): number | undefined {
  if (system) {
    for (let n = last; n >= first; n--) if (!used.has(n)) return n;
    return undefined;
  }
  let next = first;
  for (const n of used) if (n >= next && n <= last) next = n + 1;
  return next <= last ? next : undefined;
}
