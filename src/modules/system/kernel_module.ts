import { z } from "zod";
import { kernelModule as kernelModuleFact } from "../../facts/kernel-module.ts";
import { type Change, change } from "../../kernel/change.ts";
import { defineModule } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";
import { programQuestions, withPrograms } from "../parts/programs.ts";
import { textFileQuestions, writeText } from "../parts/text-file.ts";

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "a kernel module is named with letters, digits, _ and -")
      .describe("Name of the module; - and _ mean the same."),
    state: z
      .enum(["present", "absent", "blacklisted", "blocked"])
      .default("present")
      .describe(
        "present: loaded. absent: not loaded. blacklisted: not loaded by itself when hardware asks for it. blocked: not by anybody, from now on.",
      ),
    params: z
      .string()
      .regex(/^[\x20-\x7e]*$/, "parameters are one line of text")
      .default("")
      .describe("Parameters for loading: `numdummies=2`."),
    persistent: z
      .enum(["disabled", "present", "absent"])
      .default("disabled")
      .describe("present: load it at every boot too. absent: take what does so away. disabled: leave that as it is."),
    unload: z
      .boolean()
      .default(false)
      .describe("With blacklisted or blocked: also take it out of the running kernel; where that is not possible the task fails."),
  })
  .refine((a) => a.persistent === "disabled" || a.state === "present" || a.state === "absent", {
    error: "a module that is blacklisted or blocked is not loaded at boot: leave out `persistent`",
    path: ["persistent"],
  });

type Args = z.output<typeof args>;

/** A module of the Linux kernel. */
export const kernelModule = defineModule({
  name: "kernel_module",
  aliases: ["modprobe"],
  kind: "state",
  summary: "Load, unload or block a module of the kernel.",
  notes: [
    "`blocked` writes `install NAME /bin/false` beside the blacklist line, so that loading it by name fails too. It only writes a file, and a module that runs stays until the next boot unless `unload` is set.",
    "A module that starts from the initramfs needs `update-initramfs -u` besides.",
  ],
  args,
  result: z.object({
    name: z.string().describe("Name of the module."),
    loaded: z.boolean().describe("Whether the running kernel has it."),
  }),
  keyValue: true,
  examples: [
    {
      title: "Bridged packets pass the firewall, now and after each boot",
      yaml: "kernel_module: { name: br_netfilter, state: present, persistent: present }",
    },
    { title: "No USB disks", yaml: "kernel_module: { name: usb-storage, state: blocked }" },
  ],
  facts: (a) => {
    const boot = textFileQuestions(`/etc/modules-load.d/${a.name}.conf`);
    const rules = textFileQuestions(`/etc/modprobe.d/rempart-${a.name}.conf`);
    return {
      running: kernelModuleFact(a.name),
      boot: boot.file,
      bootFolder: boot.folder,
      rules: rules.file,
      rulesFolder: rules.folder,
      programs: programQuestions(["modprobe"]),
    };
  },
  plan(a, facts) {
    const boot = { file: facts.boot, folder: facts.bootFolder };
    const rules = { file: facts.rules, folder: facts.rulesFolder };
    const changes: Change[] = [];
    const wanted = rulesFor(a);
    const blocks = facts.rules.value.content?.includes("blacklist ") ?? false;
    if (wanted !== null) changes.push(...writeText(rules, wanted));
    else if (a.persistent === "absent" || (a.state === "present" && blocks)) changes.push(...writeText(rules, null));
    if (a.persistent === "present") changes.push(...writeText(boot, `${a.name}\n`));
    if (a.persistent === "absent") changes.push(...writeText(boot, null));
    const { state } = facts.running.value;
    if (a.state === "present" && state === "absent") {
      const params = a.params.split(" ").filter((word) => word !== "");
      const planned = change(facts.running, { state: "loaded" }, { do: [exec("modprobe", a.name, ...params)], opaque: true });
      changes.push(inRunningKernel(planned, a, ["not loaded", "loaded"]));
    }
    if ((a.state === "absent" || (a.state !== "present" && a.unload)) && state === "loaded") {
      const planned = change(facts.running, { state: "absent" }, { do: [exec("modprobe", "-r", a.name)], opaque: true });
      changes.push(inRunningKernel(planned, a, ["loaded", "not loaded"]));
    }
    return withPrograms(changes, facts.programs);
  },
  resultOf: (a, { after }) => ({ name: a.name, loaded: !after.running.missing && after.running.value.state !== "absent" }),
});

/** What becomes of the running kernel, in words; the files speak of the next boot. */
function inRunningKernel(planned: Change, a: Args, [before, after]: readonly [string, string]): Change {
  const params =
    after === "loaded" && a.params !== "" ? [{ name: "params", before: undefined, after: a.params, action: true as const }] : [];
  return { ...planned, subject: `kernel module ${a.name}`, fields: [{ name: "running kernel", before, after }, ...params] };
}

/** The text for modprobe.d, or null when this module needs none. */
function rulesFor(a: Args): string | null {
  if (a.state === "blocked") return `blacklist ${a.name}\ninstall ${a.name} /bin/false\n`;
  if (a.state === "blacklisted") return `blacklist ${a.name}\n`;
  return a.persistent === "present" && a.params !== "" ? `options ${a.name} ${a.params}\n` : null;
}
