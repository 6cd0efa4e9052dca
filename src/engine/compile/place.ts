import type { Variables } from "./scope.ts";

/** Where a task is resolved: whose variables, and where its files are searched. */
export interface Place {
  readonly variables: Variables;
  /** Absolute. */
  readonly playbookDir: string;
  /** Absolute; undefined outside a role. */
  readonly roleDir: string | undefined;
}
