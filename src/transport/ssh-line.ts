import type { NodeSSH } from "node-ssh";
import type { Client, ClientChannel } from "ssh2";
import type { Channel, Hearing, Line } from "./channel.ts";

/** The channels of one ssh connection. */
export class SshLine implements Line {
  readonly #ssh: NodeSSH;
  readonly #client: Client;
  readonly #before: readonly Line[];
  readonly #seconds: number;
  #gone: string | undefined;
  sent = 0;
  received = 0;

  /** `before`: connections that this one goes through. `seconds`: bound for opening a channel. */
  constructor(ssh: NodeSSH, client: Client, before: readonly Line[], seconds: number) {
    this.#ssh = ssh;
    this.#client = client;
    this.#before = before;
    this.#seconds = seconds;
    client.on("error", (error) => {
      this.#gone ??= `the connection broke: ${error.message}`;
    });
    client.on("close", () => {
      this.#gone ??= "the connection was closed";
    });
  }

  /** A channel often ends a moment before its connection does. */
  async gone(): Promise<string | undefined> {
    if (this.#gone !== undefined) return this.#gone;
    const probe = await this.#exec("exit 0", 5);
    if ("refused" in probe) return this.#gone ?? probe.refused;
    probe.destroy();
    return this.#gone;
  }

  async open(command: string): Promise<Channel | { refused: string }> {
    const stream = await this.#exec(command, this.#seconds);
    return "refused" in stream ? stream : this.#channel(stream);
  }

  async close(): Promise<void> {
    this.#gone ??= "the connection was closed by us";
    this.#ssh.dispose();
    for (const line of this.#before.toReversed()) await line.close();
  }

  #exec(command: string, seconds: number): Promise<ClientChannel | { refused: string }> {
    if (this.#gone !== undefined) return Promise.resolve({ refused: this.#gone });
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve({ refused: this.#gone ?? `the host opened no session within ${seconds} s` }), seconds * 1000);
      const broken = (): void => resolve({ refused: this.#gone ?? "the connection was closed" });
      this.#client.once("close", broken);
      const done = (result: ClientChannel | { refused: string }): void => {
        clearTimeout(late);
        this.#client.removeListener("close", broken);
        resolve(result);
      };
      try {
        this.#client.exec(command, (error, stream) => done(error ? { refused: refusal(error) } : stream));
      } catch (error) {
        done({ refused: this.#gone ?? refusal(error) });
      }
    });
  }

  #channel(stream: ClientChannel): Channel {
    let hearing: Hearing | undefined;
    let how = "the shell ended";
    const hear = (name: "stdout" | "stderr") => (chunk: Buffer) => {
      this.received += chunk.length;
      hearing?.data(name, chunk);
    };
    stream.on("data", hear("stdout"));
    stream.stderr.on("data", hear("stderr"));
    stream.on("error", () => {});
    stream.on("exit", (code: number | null, signal?: string) => {
      how = code === null ? `the shell was killed (${signal ?? "by a signal"})` : `the shell ended (exit code ${code})`;
    });
    stream.on("close", () => hearing?.closed(this.#gone ?? how));
    return {
      write: (data) => {
        this.sent += data.length;
        return new Promise((resolve) => stream.write(data, () => resolve()));
      },
      listen: (to) => {
        hearing = to;
      },
      end: () => stream.end(),
      destroy: () => stream.destroy(),
    };
  }
}

function refusal(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /open failed/i.test(text) ? `the host allows no further session on the connection (MaxSessions in sshd_config): ${text}` : text;
}
