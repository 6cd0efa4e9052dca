import type { Json } from "../../emulator/reply.ts";
import type { Account } from "../../emulator/state.ts";
import { NotKnown, onlyKeys } from "../not-known.ts";
import { rangesOf } from "../ranges.ts";

/** What conditions may look at. */
export interface Person {
  /** Small letters; undefined before a login. */
  readonly email: string | undefined;
  readonly ip: string;
  readonly country: string;
}

interface Conditions {
  readonly include: readonly Json[];
  readonly require: readonly Json[];
  readonly exclude: readonly Json[];
}

type Fits = (inner: Json, person: Person, account: Account) => boolean;

/** One kind of condition each; whoever has an e-mail address here has logged in by a code. */
const kinds: Readonly<Record<string, Fits>> = {
  everyone: () => true,
  email: (c, p) => p.email !== undefined && p.email === c.email.toLowerCase(),
  email_domain: (c, p) => p.email?.endsWith(`@${c.domain.toLowerCase()}`) ?? false,
  geo: (c, p) => p.country === c.country_code,
  ip: (c, p) => rangesOf([c.ip])(p.ip),
  login_method: (c, p, account) => p.email !== undefined && account.identityProviders.get(c.id)?.type === "onetimepin",
  group: (c, p, account) => {
    const group = account.groups.get(c.id);
    return group !== undefined && holds(group, p, account);
  },
};

/** One of `include`, all of `require`, none of `exclude`. */
export function holds(conditions: Conditions, person: Person, account: Account): boolean {
  const fits = (condition: Json): boolean => {
    const [kind = "", inner] = Object.entries(condition)[0] ?? [];
    return kinds[kind]?.(inner, person, account) ?? false;
  };
  return conditions.include.some(fits) && conditions.require.every(fits) && !conditions.exclude.some(fits);
}

/** Refuses conditions that are not understood here. */
export function checkConditions(conditions: Conditions, where: string): void {
  for (const condition of [conditions.include, conditions.require, conditions.exclude].flat()) {
    const names = Object.keys(condition);
    if (names.length !== 1) throw new NotKnown(`${where}: a condition of ${names.length} kinds`);
    onlyKeys(condition, Object.keys(kinds), `${where}, a condition`);
  }
}
