import type { Asked, Reply } from "../reply.ts";
import type { Account } from "../state.ts";

/** What answers each operation, by `METHOD /path/{parameter}` as the document writes it. */
export type Routes = Readonly<Record<string, (asked: Asked, account: Account) => Reply>>;
