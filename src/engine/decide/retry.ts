import type { Node } from "../../kernel/node.ts";
import type { Retrying } from "../../playbook/model.ts";
import { numberOf } from "../compile/number.ts";
import type { Variables } from "../compile/scope.ts";

/** How often a task is tried, as Ansible counts: `retries` come on top of the first try. */
export interface Retry {
  /** Without it: until the task does not fail. */
  readonly until?: Node;
  readonly tries: number;
  /** Seconds between two tries. */
  readonly delay: number;
}

const usual = { retries: 3, delay: 5 };

/** Throws Refused. */
export function retryOf({ until, retries, delay }: Retrying, variables: Variables): Retry {
  return {
    ...(until && { until }),
    tries: 1 + Math.floor(retries ? numberOf(retries, variables, "retries", 0) : usual.retries),
    delay: delay ? numberOf(delay, variables, "delay", 0) : usual.delay,
  };
}
