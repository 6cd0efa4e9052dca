import { z } from "zod";
import type { ApiClient } from "../../src/kernel/apiclient.ts";
import { ApiError, ApiGone } from "../../src/kernel/apiclient.ts";
import { defineApiFact } from "../../src/kernel/apifact.ts";
import { change } from "../../src/kernel/change.ts";
import type { Counts } from "../../src/kernel/counts.ts";
import { defineModule } from "../../src/kernel/module.ts";
import type { CallStep, StepResult } from "../../src/kernel/step.ts";

/** A stand-in for an API: notes with a text, read by one list request, written one by one. */
export class StandInApi implements ApiClient {
  readonly notes = new Map<string, string>();
  /** Requests as they were sent: `GET /notes`, `PUT /notes/a`. */
  readonly sent: string[] = [];
  /** What befalls the next request that begins with the text. */
  trouble: { readonly at: string; readonly as: "refused" | "gone" } | undefined;
  /** Called before each write: drift. */
  beforeWrite: () => void = () => {};
  #read = new Map<string, unknown>();

  get counts(): Counts {
    return { roundTrips: this.sent.length, processes: 0, bytesSent: 0, bytesReceived: 0 };
  }

  async get(path: string): Promise<unknown> {
    if (!this.#read.has(path)) {
      this.#send(`GET ${path}`);
      this.#read.set(path, Object.fromEntries(this.notes));
    }
    return this.#read.get(path);
  }

  async call({ method, path, body }: CallStep): Promise<StepResult> {
    this.beforeWrite();
    try {
      this.#send(`${method} ${path}`);
    } catch (error) {
      if (error instanceof ApiError) return { rc: 1, stdout: "", stderr: error.message, seconds: 0 };
      throw error;
    }
    this.notes.set(path.slice("/notes/".length), String(body));
    return { rc: 0, stdout: "{}", stderr: "", seconds: 0 };
  }

  forget(): void {
    this.#read = new Map();
  }

  async close(): Promise<void> {}

  #send(request: string): void {
    this.sent.push(request);
    const { trouble } = this;
    if (!trouble || !request.startsWith(trouble.at)) return;
    this.trouble = undefined;
    if (trouble.as === "gone") throw new ApiGone(`${request}: no answer within 20 s`);
    throw new ApiError(`${request}: not allowed`, 403);
  }
}

const notesOf = defineApiFact<string, { readonly text: string | null }>({
  kind: "note",
  summary: "The text of a note of the stand-in.",
  api: ["cloudflare"],
  object: (name) => name,
  ask: async (client, names) => {
    const all = (await client.get("/notes")) as Record<string, string>;
    return names.map((name) => ({ text: all[name] ?? null }));
  },
});

export const note = defineModule({
  name: "note",
  kind: "state",
  summary: "Puts a text into a note.",
  args: z.strictObject({ name: z.string(), text: z.string() }),
  result: z.object({}),
  examples: [],
  facts: (a) => ({ note: notesOf(a.name) }),
  plan: (a, f) =>
    f.note.value.text === a.text
      ? []
      : [change(f.note, { text: a.text }, { do: [{ do: "call", method: "PUT", path: `/notes/${a.name}`, body: a.text }] })],
});
