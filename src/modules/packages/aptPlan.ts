import type { AptLists } from "../../facts/apt-lists.ts";
import type { Autoremovable } from "../../facts/autoremovable.ts";
import type { Candidate } from "../../facts/candidate.ts";
import { noPackage, type Package } from "../../facts/package.ts";
import { type Change, change, type Prediction } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";

/** What `apt` was asked for, with names and versions apart. */
export interface AptWish {
  readonly wanted: readonly { readonly name: string; readonly version?: string }[];
  readonly state: "present" | "latest" | "absent";
  readonly purge: boolean;
  readonly install_recommends?: boolean | undefined;
  readonly default_release?: string | undefined;
  readonly hold?: boolean | undefined;
  readonly allow_downgrade: boolean;
  readonly allow_change_held_packages: boolean;
}

export interface AptFacts {
  readonly packages: readonly Answer<Package>[];
  readonly candidates: readonly Answer<Candidate>[];
  /** What apt has for packages that are not there, to be shown; apt itself chooses. */
  readonly offers: readonly Answer<Candidate>[];
  /** Empty unless the lists may be updated. */
  readonly lists: readonly Answer<AptLists>[];
  readonly leftovers: readonly Answer<Autoremovable>[];
}

const halfAnHour = 1800;

/** apt-get that asks nothing, waits for its lock, and keeps configuration files. */
function aptGet(...words: string[]): ExecStep {
  const options = [
    "-q",
    "-y",
    "-o",
    "DPkg::Lock::Timeout=300",
    "-o",
    "Dpkg::Options::=--force-confdef",
    "-o",
    "Dpkg::Options::=--force-confold",
  ];
  return {
    ...exec("apt-get", ...options, ...words),
    env: { DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_SUSPEND: "1", APT_LISTCHANGES_FRONTEND: "none" },
    timeout: halfAnHour,
  };
}

/** The folder's time is set because `apt-get update` leaves it alone when no list has changed. */
const update: readonly ExecStep[] = [aptGet("-o", "APT::Update::Error-Mode=any", "update"), exec("touch", "-c", "/var/lib/apt/lists")];

export function planApt(wish: AptWish, facts: AptFacts): Change[] {
  const changes: Change[] = [];
  const lists = facts.lists[0];
  const stale = lists !== undefined && !lists.value.fresh;
  const packages = wish.state === "absent" ? remove(wish, facts) : install(wish, facts, stale);
  if (packages) changes.push(packages);
  else if (lists && stale && (wish.wanted.length === 0 || wish.state === "latest")) changes.push(updateLists(wish, lists));

  for (const answer of wish.hold === undefined ? [] : facts.packages) {
    const known = (packages?.predicts.find((p) => p.question.id === answer.question.id)?.value as Package | undefined) ?? answer.value;
    if (known.state !== "installed" || known.hold === wish.hold) continue;
    const name = String(answer.question.key);
    const planned = change(answer, { ...known, hold: wish.hold ?? false }, { do: [exec("apt-mark", wish.hold ? "hold" : "unhold", name)] });
    changes.push({ ...planned, fields: [{ name: "on hold", before: known.hold ? "yes" : "no", after: wish.hold ? "yes" : "no" }] });
  }
  const leftovers = facts.leftovers[0];
  const unneeded = leftovers?.value.packages ?? [];
  if (leftovers && (unneeded.length > 0 || packages)) {
    const steps = [aptGet("autoremove", ...(wish.purge ? ["--purge"] : []))];
    if (unneeded.length > 0)
      changes.push({
        ...change(leftovers, { packages: [] }, { do: steps, opaque: true, subject: "packages that nothing needs" }),
        fields: unneeded.map((name) => ({ name, before: "installed", after: undefined })),
      });
    else if (packages) changes[0] = { ...packages, steps: [...packages.steps, ...steps] };
  }
  return changes;
}

/** The lists alone, or also what they may have brought newer versions of. */
function updateLists(wish: AptWish, lists: Answer<AptLists>): Change {
  const upgrade = wish.wanted.length > 0 ? [installStep(wish, wish.wanted.map(spelled))] : [];
  const planned = change(lists, { fresh: true }, { do: [...update, ...upgrade], opaque: true, subject: "apt package lists" });
  const newer =
    upgrade.length > 0 ? [{ name: "then upgrade", before: undefined, after: wish.wanted.map(spelled), action: true as const }] : [];
  return { ...planned, fields: [{ name: "lists", before: "too old", after: "read anew" }, ...newer] };
}

function install(wish: AptWish, facts: AptFacts, stale: boolean): Change | undefined {
  const due = wish.wanted.flatMap((want, i) => {
    const answer = facts.packages[i];
    if (!answer) return [];
    const now = answer.value;
    // What an earlier task installs will be the newest.
    const newest = now.version === null ? "" : (facts.candidates.find((c) => c.question.key === want.name)?.value.version ?? "");
    const fits = want.version === undefined || matches(now.version, want.version);
    const upgrade = wish.state === "latest" && newest !== "" && now.version !== newest && !now.hold;
    if (now.state === "installed" && fits && !upgrade) return [];
    const version = want.version === undefined ? newest || null : want.version.endsWith("*") ? null : want.version;
    return [{ want, answer, version: stale ? null : version }];
  });
  if (due.length === 0) return undefined;
  const lists = facts.lists[0];
  const predicts: Prediction[] = due.map(
    ({ answer, version }): Prediction<unknown> => ({
      question: answer.question,
      value: { state: "installed", version, hold: answer.value.hold },
    }),
  );
  for (const question of facts.offers.map((o) => o.question))
    if (due.some(({ want }) => want.name === question.key)) predicts.push({ question, value: { version: "" } satisfies Candidate });
  if (stale && lists) predicts.push({ question: lists.question, value: { fresh: true } });
  return {
    subject: "packages",
    fields: due.map(({ want, answer, version }) => ({
      name: want.name,
      before: shown(answer.value),
      after: version ?? want.version ?? offered(facts, want.name, stale),
    })),
    steps: [
      ...(stale ? update : []),
      installStep(
        wish,
        due.map(({ want }) => spelled(want)),
      ),
    ],
    predicts,
    opaque: true,
  };
}

function remove(wish: AptWish, facts: AptFacts): Change | undefined {
  const due = facts.packages.filter(
    ({ value: { state } }) => state === "installed" || state === "broken" || (wish.purge && state === "config-files"),
  );
  if (due.length === 0) return undefined;
  return {
    subject: "packages",
    fields: due.map(({ question, value }) => ({ name: String(question.key), before: shown(value), after: undefined })),
    steps: [
      aptGet(
        wish.purge ? "purge" : "remove",
        ...(wish.allow_change_held_packages ? ["--allow-change-held-packages"] : []),
        ...due.map((p) => String(p.question.key)),
      ),
    ],
    predicts: due.map(({ question }) => ({ question, value: noPackage })) as Prediction[],
    opaque: true,
  };
}

function installStep(wish: AptWish, names: readonly string[]): ExecStep {
  const recommends =
    wish.install_recommends === undefined ? [] : ["-o", `APT::Install-Recommends=${wish.install_recommends ? "yes" : "no"}`];
  const release = wish.default_release === undefined ? [] : ["-t", wish.default_release];
  const allowed = [
    ...(wish.allow_downgrade ? ["--allow-downgrades"] : []),
    ...(wish.allow_change_held_packages ? ["--allow-change-held-packages"] : []),
  ];
  return aptGet(...recommends, ...release, ...allowed, "install", ...names);
}

function spelled(want: { readonly name: string; readonly version?: string }): string {
  return want.version === undefined ? want.name : `${want.name}=${want.version}`;
}

function matches(version: string | null, wanted: string): boolean {
  if (version === null) return false;
  return wanted.endsWith("*") ? version.startsWith(wanted.slice(0, -1)) : version === wanted;
}

/** The version that apt would take as far as its lists tell. */
function offered(facts: AptFacts, name: string, stale: boolean): string {
  const answer = [...facts.offers, ...facts.candidates].find((c) => c.question.key === name);
  const version = answer === undefined || answer.missing ? "" : answer.value.version;
  return version === "" ? "installed" : stale ? `${version} or newer` : version;
}

/** undefined reads as absent. */
function shown(now: Package): string | undefined {
  return now.state === "installed" ? (now.version ?? "installed") : now.state === "absent" ? undefined : now.state;
}
