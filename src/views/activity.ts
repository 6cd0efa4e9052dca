import type { Event } from "../kernel/event.ts";
import { duration } from "./duration.ts";
import type { Paint } from "./paint.ts";
import { cut, visible } from "./visible.ts";

interface Busy {
  readonly doing: string;
  /** Milliseconds, as the clock gives them. */
  readonly since: number;
  readonly left?: number;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** What every host is busy with, for the live part of the terminal. */
export class Activity {
  readonly #hosts = new Map<string, Busy>();
  readonly #now: () => number;
  constructor(now: () => number) {
    this.#now = now;
  }

  listen(e: Event): void {
    if (e.event === "connecting") this.#set(e.host, "connecting");
    else if (e.event === "connected") this.#set(e.host, "waiting", this.#hosts.get(e.host)?.left);
    else if (e.event === "progress" && e.doing === "" && e.left === 0) this.#hosts.delete(e.host);
    else if (e.event === "progress") this.#set(e.host, e.doing || "waiting", e.left);
    else if (e.event === "task" && this.#hosts.has(e.host)) this.#set(e.host, "waiting", this.#hosts.get(e.host)?.left);
    else if (e.event === "retry")
      this.#set(e.host, `${e.task} (attempt ${e.attempt + 1} of ${e.of} is due)`, this.#hosts.get(e.host)?.left);
    else if (e.event === "host") this.#hosts.delete(e.host);
    else if (e.event === "recap" || e.event === "play") this.#hosts.clear();
  }

  get idle(): boolean {
    return this.#hosts.size === 0;
  }

  /** A line per host, cut to the width; hosts beyond `rows` are counted in the last line. */
  lines(width: number, rows: number, ink: Paint): string[] {
    const now = this.#now();
    const frame = frames[Math.floor(now / 80) % frames.length] ?? "";
    const hostWidth = Math.max(...[...this.#hosts.keys()].map((h) => h.length));
    const lines = [...this.#hosts].map(([host, busy]) => {
      const tail = `  ${duration((now - busy.since) / 1000)}${busy.left === undefined ? "" : `  ${busy.left} left`}`;
      const head = `${frame} ${host.padEnd(hostWidth)}  `;
      const doing = visible(busy.doing).replaceAll("\n", " ");
      return cut(head + cut(doing, Math.max(8, width - head.length - tail.length)), width - tail.length) + ink.dim(tail);
    });
    if (lines.length <= rows) return lines;
    return [...lines.slice(0, rows - 1), ink.dim(`  and ${lines.length - rows + 1} more hosts`)];
  }

  #set(host: string, doing: string, left?: number): void {
    const old = this.#hosts.get(host);
    const since = old?.doing === doing ? old.since : this.#now();
    this.#hosts.set(host, { doing, since, ...(left !== undefined && { left }) });
  }
}
