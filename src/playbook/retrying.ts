import type { Fields } from "./fields.ts";
import type { Retrying } from "./model.ts";
import { conditionNode, numberNode } from "./values.ts";

/** `until`, `retries` and `delay` of a task, or undefined. */
export function readRetrying(fields: Fields): Retrying | undefined {
  const until = fields.take("until", conditionNode);
  const retries = fields.take("retries", (n) => numberNode(n, "retries", 0));
  const delay = fields.take("delay", (n) => numberNode(n, "delay", 0));
  const alone = fields.node("delay");
  if (alone && !fields.has("until") && !fields.has("retries"))
    fields.error("delay stands without until or retries", alone.at, "add retries: 3, or until with a condition");
  if (!until && !retries) return undefined;
  return { ...(until && { until }), ...(retries && { retries }), ...(delay && { delay }) };
}
