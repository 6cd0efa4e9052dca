import type { NftablesKey, NftablesTable } from "../../../../src/facts/nftables.ts";
import type { FakeMachine } from "./machine.ts";
import { type Program, unknownWords } from "./program.ts";
import { routerPrograms } from "./router.ts";
import { Trouble } from "./trouble.ts";

/** The one table that a ruleset of ours makes, as this nft lists it: as it was written. A rule that holds "wrong" is one. */
function parsed(ruleset: string): { readonly table: string; readonly listing: string } {
  const [, table = "", listing = ""] = /^add table (\S+ \S+)\ndelete table \1\n((?:table \1 \{\n[\s\S]*\n\})?)\n*$/.exec(ruleset) ?? [];
  if (table === "") throw new Trouble(1, "Error: syntax error");
  if (listing.includes("wrong")) throw new Trouble(1, "Error: syntax error, unexpected string: wrong");
  return { table, listing };
}

export function tableAnswer(m: FakeMachine, { family, name, ruleset }: NftablesKey): NftablesTable {
  const live = m.ownTables.get(`${family} ${name}`) ?? "";
  try {
    return { live, wanted: ruleset === undefined ? "" : parsed(ruleset).listing, error: "" };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return { live, wanted: "", error: error.message };
  }
}

/** Tables of the router are declared by files of their own kind. */
const nft: Program = (m, words, stdin, as) => {
  if (!/^add table inet (edge|own)\n/.test(stdin)) return routerPrograms.nft?.(m, words, stdin, as) ?? unknownWords("nft", words);
  const line = words.join(" ");
  if (line !== "-c -f -" && line !== "-f -") return unknownWords("nft", words);
  const { table, listing } = parsed(stdin);
  if (words[0] === "-c") return "";
  if (listing === "") m.ownTables.delete(table);
  else m.ownTables.set(table, listing);
  return "";
};

export const nftPrograms: Readonly<Record<string, Program>> = { nft };
