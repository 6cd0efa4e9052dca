import { asLogin, type Performed, type Target, type Work } from "../../src/kernel/target.ts";

/** One exchange that must reach its end. */
export async function perform(target: Target, work: Partial<Work>): Promise<Extract<Performed, { status: "done" }>> {
  const done = await target.perform({ as: asLogin, lane: "control", links: [], ask: [], ...work });
  if (done.status !== "done") throw new Error(`the exchange ended with ${JSON.stringify(done)}`);
  return done;
}
