import { existsSync, readFileSync } from "node:fs";
import ssh2, { type AnyAuthMethod, type AuthenticationType, type ParsedKey } from "ssh2";
import type { Unreachable } from "../kernel/target.ts";
import { OneKeyAgent } from "./one-key-agent.ts";
import { type SshSettings, usualKeys } from "./ssh-settings.ts";

/** Ways to log in, in the order in which they are tried, and what was offered, for people. */
export interface LoginPlan {
  readonly methods: readonly AnyAuthMethod[];
  readonly offered: readonly string[];
}

/** Only what is configured is offered: a server that counts failures must not be bothered with every key there is. */
export function loginPlan(settings: SshSettings): LoginPlan | Unreachable {
  const { user: username, password } = settings;
  const methods: AnyAuthMethod[] = [];
  const offered: string[] = [];
  for (const file of settings.keyFiles) {
    const method = keyMethod(file, settings, true);
    if ("unreachable" in method) return method;
    methods.push(method);
    offered.push(`the key ${file}`);
  }
  if (settings.keyFiles.length === 0 && !password) {
    if (settings.agent !== undefined) {
      methods.push({ type: "agent", username, agent: settings.agent });
      offered.push("the keys of the agent");
    }
    for (const file of usualKeys(settings.home)) {
      const method = keyMethod(file, settings, false);
      if ("unreachable" in method) continue;
      methods.push(method);
      offered.push(`the key ${file}`);
    }
  }
  if (password) {
    methods.push({ type: "password", username, password: password.reveal() });
    methods.push({
      type: "keyboard-interactive",
      username,
      prompt: (_n, _i, _l, prompts, finish) => finish(prompts.map((p) => (p.echo ? "" : password.reveal()))),
    });
    offered.push("the password");
  }
  if (methods.length === 0)
    return {
      unreachable: `there is no key to log in as ${username}`,
      help: "set ansible_ssh_private_key_file, IdentityFile in ~/.ssh/config, or start an agent and ssh-add a key",
    };
  return { methods, offered };
}

/** `named`: somebody configured this key, so the agent may hold it for us. */
function keyMethod(file: string, { user: username, agent }: SshSettings, named: boolean): AnyAuthMethod | Unreachable {
  const key = readText(file);
  if (key === undefined)
    return {
      unreachable: `the key ${file} cannot be read`,
      help: "set ansible_ssh_private_key_file or IdentityFile to a private key that you may read",
    };
  const parsed = parse(key);
  if (parsed?.isPrivateKey()) return { type: "publickey", username, key };
  const shared = parsed ?? parse(readText(`${file}.pub`) ?? "");
  if (named && agent !== undefined && shared) return { type: "agent", username, agent: new OneKeyAgent(agent, shared.getPublicSSH()) };
  if (/ENCRYPTED/.test(key) || /encrypted/i.test(String(ssh2.utils.parseKey(key))))
    return {
      unreachable: `the key ${file} has a passphrase`,
      help: `load it into the agent: ssh-add ${file} (its public half must stand in ${file}.pub)`,
    };
  return {
    unreachable: `${file} holds no private key that can be used`,
    help: "ed25519, ecdsa and RSA keys can; keys on a token go through the agent",
  };
}

function parse(text: string): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) return undefined;
  return [parsed].flat()[0];
}

function readText(file: string): string | undefined {
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

/** Offers the methods one after the other, but none that the server does not take. Remembers what it takes. */
export class LoginTries {
  readonly #methods: AnyAuthMethod[];
  /** What the server takes, as it said after the first try. */
  taken: readonly string[] | undefined;

  constructor(plan: LoginPlan) {
    this.#methods = [...plan.methods];
  }

  next = (left: AuthenticationType[] | null): AnyAuthMethod | false => {
    if (left) this.taken = left;
    for (;;) {
      const method = this.#methods.shift();
      if (!method) return false;
      const wire = method.type === "agent" ? "publickey" : method.type;
      if (!left || left.includes(wire)) return method;
    }
  };
}
