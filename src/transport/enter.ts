import { quote } from "../kernel/sh.ts";
import type { Identity } from "../kernel/target.ts";
import type { Channel, Line } from "./channel.ts";
import { Kept } from "./kept.ts";
import { newMark } from "./marks.ts";

export interface NotEntered {
  readonly status: "refused" | "lost";
  readonly why: string;
  readonly help: string;
}

/** A channel on which a shell starts. */
export interface Entered {
  readonly channel: Channel;
  /** A line that must stand before the first script, "" when none is needed. */
  readonly word: string;
}

/**
 * Starts a shell as this identity. Where nobody asks for a password nothing is waited for: the first script may be written at
 * once. There the shell reads a word first and goes on only when it is ours: had anything that runs before it (.bashrc, PAM) eaten
 * of its input, the rest of a script would be commands.
 */
export async function enter(line: Line, identity: Identity, seconds: number): Promise<Entered | NotEntered> {
  const word = newMark();
  const prompt = `rempart-${newMark()}:`;
  const asked = identity.method === "su" || (identity.method !== "none" && identity.password !== undefined);
  const start = asked ? `echo ${word}; exec sh` : `read -r x; [ "$x" = ${word} ] && exec sh; echo ${word} >&2`;
  const opened = await line.open(`exec ${commandFor(identity, prompt, start)}`);
  if ("refused" in opened) return { status: "lost", why: opened.refused, help: "" };
  if (!asked) return { channel: opened, word };
  const why = await converse(opened, identity, identity.method === "su" ? "assword:" : prompt, word, seconds);
  if (why === undefined) return { channel: opened, word: "" };
  opened.destroy();
  return { status: "refused", ...why };
}

/** Why the shell behind a channel never answered; undefined when it was only lost. `seconds` when it was waited for in vain. */
export function whyNotEntered(identity: Identity, said: string, word: string, seconds: number | undefined): NotEntered | undefined {
  if (word !== "" && said.includes(word))
    return {
      status: "refused",
      why: "what was meant for the shell was read by something that runs before it; nothing was done",
      help: "does ~/.bashrc or a PAM module of this user read its input? Let it do so only on a terminal",
    };
  if (identity.method === "none") return undefined;
  return { status: "refused", ...refusal(identity, seconds === undefined ? undefined : `no shell within ${seconds} s`, said) };
}

function commandFor({ method, user, password }: Identity, prompt: string, start: string): string {
  const shell = `sh -c ${quote(start)}`;
  if (method === "none") return shell;
  if (method === "sudo") {
    const ask = password ? `-S -p ${quote(prompt)}` : "-n";
    return `env LC_ALL=C sudo -H ${ask} -u ${quote(user)} ${shell}`;
  }
  if (method === "doas") return `env LC_ALL=C doas -n -u ${quote(user)} ${shell}`;
  return `env LC_ALL=C su -s /bin/sh -c ${quote(start)} ${quote(user)}`;
}

/** Answers one prompt. Undefined when the shell is there. The password is written only after the prompt was read. */
function converse(
  channel: Channel,
  identity: Identity,
  prompt: string,
  ready: string,
  seconds: number,
): Promise<{ why: string; help: string } | undefined> {
  return new Promise((resolve) => {
    const heard = new Kept(16 * 1024);
    let from = 0;
    let prompts = 0;
    const stop = (result: { why: string; help: string } | undefined): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(() => stop(refusal(identity, `no shell within ${seconds} s`, heard.text())), seconds * 1000);
    channel.listen({
      data(_stream, chunk) {
        heard.add(chunk);
        const text = heard.bytes().toString("latin1");
        if (text.includes(ready)) stop(undefined);
        else if (text.indexOf(prompt, from) >= 0) {
          from = text.indexOf(prompt, from) + prompt.length;
          prompts++;
          if (prompts > 1)
            stop({
              why: `${identity.method} refused the password for becoming ${identity.user}`,
              help: "give the right ansible_become_password, or use -K",
            });
          else if (!identity.password) stop(missing(identity));
          else void channel.write(`${identity.password.reveal()}\n`);
        }
      },
      closed: () => stop(refusal(identity, undefined, heard.text().replaceAll(prompt, ""), prompts > 0)),
    });
  });
}

function missing({ method, user }: Identity): { why: string; help: string } {
  return {
    why: `${method} wants a password for becoming ${user}, and none was given`,
    help: "give ansible_become_password or use -K, or let the login user become root without one",
  };
}

/** The program's own words say best what is wrong; the known ones get the way out. */
function refusal(identity: Identity, known: string | undefined, said: string, answered = false): { why: string; help: string } {
  const { method, user } = identity;
  const line = said.trim().split("\n").at(-1)?.trim() ?? "";
  if (
    /must have a tty|terminal is required|a tty is required|must be run from a terminal/i.test(said) &&
    !/password is required/i.test(said)
  )
    return {
      why: `${method} wants a terminal: ${line}`,
      help: `take "requiretty" out of the sudoers file for this user; for doas use "permit nopass", for su use sudo`,
    };
  if (/password is required|a terminal is required/i.test(said)) return missing(identity);
  if (method === "doas" && /Authorization required|Authentication required|Operation not permitted/i.test(said))
    return {
      why: `doas does not let the login user become ${user} without a password: ${line}`,
      help: `doas asks only on a terminal: write "permit nopass" for this user in doas.conf, or use sudo`,
    };
  if (answered || /incorrect password|Authentication failure|Sorry, try again/i.test(said))
    return {
      why: `${method} refused the password for becoming ${user}: ${line}`,
      help: "give the right ansible_become_password, or use -K",
    };
  if (/not found|No such file/.test(line))
    return {
      why: `${method} is not installed there: ${line}`,
      help: "install it, or set ansible_become_method to what is there (sudo, su or doas)",
    };
  return {
    why: `cannot become ${user} by ${method}: ${known ?? line}`,
    help: `try by hand as the login user: ${method} ${method === "su" ? user : `-u ${user} id`}`,
  };
}
