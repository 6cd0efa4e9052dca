import { z } from "zod";
import { type Ufw, ufw as ufwFact } from "../../facts/ufw.ts";
import { change } from "../../kernel/change.ts";
import { defineModule } from "../../kernel/module.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";
import { ufwArguments } from "./ufwArguments.ts";
import { firewallFields, ruleFields } from "./ufwFields.ts";
import { planRule, planRules } from "./ufwRules.ts";

/** The firewall. */
export const ufw = defineModule({
  name: "ufw",
  kind: "state",
  undoable: true,
  kindOf: (a) => (a.state === "reloaded" ? "action" : "state"),
  summary: "Turn the firewall ufw on or off, and declare its policies and rules.",
  notes: [
    "Rules are compared with those that ufw has written down, so they can be declared before it is turned on. Allow SSH before `state: enabled`.",
    "Packets to a port that Docker publishes never reach these rules.",
  ],
  args: ufwArguments,
  result: z.object({
    enabled: z.boolean().describe("Whether it is in force and starts at boot."),
    rules: z.array(z.string()).describe("All rules in ufw's notation."),
  }),
  examples: [
    { title: "SSH from home", yaml: "ufw: { rule: limit, port: 22, proto: tcp, from_ip: 192.168.1.0/24, comment: SSH from home }" },
    {
      title: "These rules and no others",
      yaml: "ufw: { rules: [{ rule: allow, port: 22, proto: tcp, from_ip: 192.168.1.0/24 }, { rule: allow, port: 443, proto: tcp }] }",
    },
    { title: "Nothing else comes in", yaml: "ufw: { state: enabled, default: deny, direction: incoming }" },
  ],
  facts: () => ({ ufw: ufwFact({}) }),
  plan(a, facts) {
    const now = facts.ufw.value;
    const patch: { -readonly [F in keyof Ufw]?: Ufw[F] } = {};
    const steps: ExecStep[] = [];
    const direction = directions[a.direction ?? "incoming"];
    if (a.default && now[direction] !== a.default) {
      patch[direction] = a.default;
      steps.push(exec("ufw", "default", a.default, direction));
    }
    const level = a.logging === "on" ? (now.logging === "off" ? "low" : now.logging) : a.logging;
    if (level && now.logging !== level) {
      patch.logging = level;
      steps.push(exec("ufw", "logging", level));
    }
    const rules = a.rule ? planRule({ ...a, rule: a.rule }, now) : a.rules ? planRules(a.rules, now) : undefined;
    if (rules) {
      patch.rules4 = rules.rules4;
      patch.rules6 = rules.rules6;
      steps.push(...rules.steps);
    }
    const off = a.state === "disabled" && (now.enabled || now.running);
    const on = a.state === "enabled" && !(now.enabled && now.running);
    if (on || off) {
      Object.assign(patch, { enabled: on, running: on });
      steps.push(on ? exec("ufw", "--force", "enable") : exec("ufw", "disable"));
    }
    if (a.state === "reloaded" && now.running) steps.push(exec("ufw", "reload"));
    if (steps.length === 0) return [];
    const planned = change(facts.ufw, patch, {
      do: steps,
      opaque: on || off || a.insert !== undefined || a.state === "reloaded" || a.name !== undefined,
      subject: "firewall",
      undo: { paths: ufwFiles, run: [now.running ? ["ufw", "reload"] : ["ufw", "disable"]] },
    });
    return [
      {
        ...planned,
        fields: [
          ...firewallFields(now, patch),
          ...ruleFields(rules?.changed ?? []),
          ...(rules?.moved ? [{ name: "order of rules", before: "another", after: "as declared" }] : []),
          ...(a.state === "reloaded" && now.running ? [{ name: "firewall", before: "on", after: "reloaded" }] : []),
        ],
      },
    ];
  },
  resultOf: (_args, { after }) => {
    const now = after.ufw.missing ? undefined : after.ufw.value;
    return { enabled: (now?.enabled && now.running) ?? false, rules: now ? [...now.rules4, ...now.rules6] : [] };
  },
});

/** What the program ufw writes. */
const ufwFiles = ["/etc/ufw/ufw.conf", "/etc/ufw/user.rules", "/etc/ufw/user6.rules", "/etc/default/ufw"];

const directions = { in: "incoming", incoming: "incoming", out: "outgoing", outgoing: "outgoing", routed: "routed" } as const;
