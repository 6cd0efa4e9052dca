import { z } from "zod";
import { defineModule } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { editedFile } from "../parts/edited-file.ts";
import { oneFileFields, pathOf, pathProblem } from "../parts/one-file.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { scalarArgument, scalarText } from "../parts/scalar.ts";
import { fileQuestions } from "../parts/whole-file.ts";
import { type IniTask, withIni, withoutIni } from "./iniText.ts";

const args = z
  .strictObject({
    ...oneFileFields,
    section: z.string().optional().describe("Name of the section, without brackets. Without it: the lines before the first section."),
    option: z.string().optional().describe("Name of the option. Without it the task is about the section itself."),
    value: scalarArgument
      .nullable()
      .optional()
      .describe("Value of the option. true and false are written like that (Ansible writes True)."),
    values: z.array(scalarArgument).optional().describe("Values of an option that stands several times, one line each."),
    state: z.enum(["present", "absent"]).optional().describe("Whether the option or section shall be there. Default: present."),
    exclusive: z
      .boolean()
      .optional()
      .describe(
        "The option has these values and no other. With false other lines of it stay; absent then takes only these values. Default true.",
      ),
    allow_no_value: z.boolean().optional().describe("The option may stand alone, without = and value. Default false."),
    no_extra_spaces: z.boolean().optional().describe("Write option=value without blanks around =. Default false."),
    ignore_spaces: z.boolean().optional().describe("Leave a line alone whose only difference is blanks around =. Default false."),
    modify_inactive_option: z
      .boolean()
      .optional()
      .describe("Take a line that is commented out (`#option = x`) as the option and make it active. Default true."),
    create: z.boolean().optional().describe("Make the file when it is not there. Default true."),
  })
  .superRefine((a, context) => {
    const problem = pathProblem(a) ?? iniProblem(a);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

type Arguments = z.output<typeof args>;

function iniProblem(a: Arguments): string | undefined {
  if (a.value !== undefined && a.values !== undefined) return "give either value or values";
  if (a.section === undefined && a.option === undefined) return "needs the argument section or option";
  if (a.section !== undefined && (/[\]\r\n]/.test(a.section) || a.section.trim() === ""))
    return "section is the name alone, without brackets, and not empty";
  if (a.option !== undefined && (/[=\r\n]/.test(a.option) || a.option.trim() !== a.option || /^[#;[]|^$/.test(a.option)))
    return "option is the name alone: without = and blanks around it";
  const values = valuesOf(a);
  if (values.some((v) => /[\r\n]/.test(v))) return "a value is one line";
  if (values.some((v) => v !== v.trim())) return "a value has no blanks at its ends: they would be lost when the file is read";
  if (a.option === undefined && values.length > 0) return "a value needs the argument option";
  if (a.state === "absent" || a.option === undefined || a.allow_no_value === true || values.length > 0) return undefined;
  return "state: present needs value or values; for an option that stands alone write allow_no_value: true";
}

function valuesOf(a: Arguments): readonly string[] {
  const given = a.values ?? (a.value === undefined || a.value === null ? [] : [a.value]);
  return [...new Set(given.map(scalarText))];
}

function taskOf(a: Arguments): IniTask {
  return {
    section: a.section,
    option: a.option,
    values: valuesOf(a),
    exclusive: a.exclusive ?? true,
    allowNoValue: a.allow_no_value ?? false,
    noExtraSpaces: a.no_extra_spaces ?? false,
    ignoreSpaces: a.ignore_spaces ?? false,
    modifyInactive: a.modify_inactive_option ?? true,
  };
}

/** Holds an option in a file in sections. */
export const iniFile = defineModule({
  name: "ini_file",
  aliases: ["community.general.ini_file"],
  kind: "state",
  undoable: true,
  summary: "Hold an option in a file in sections (INI), or keep it out.",
  notes: [
    "Comments, order, blank lines and line ends stay as they are; a new option goes behind the last one of its section, a new section to the end.",
    "A symbolic link is not followed: the task is refused and names where it leads.",
    "The folder of the file is not made: make it with file before.",
    "Files up to 1 MiB of UTF-8 text.",
  ],
  args,
  result: pathResult,
  examples: [
    {
      title: "Persistent journal",
      yaml: "ini_file: { path: /etc/systemd/journald.conf, section: Journal, option: Storage, value: persistent, no_extra_spaces: true }",
    },
    {
      title: "Two addresses of a network",
      yaml: "ini_file: { path: /etc/systemd/network/lan.network, section: Network, option: DNS, values: [192.0.2.1, 192.0.2.2] }",
    },
    { title: "No such section", yaml: "ini_file: { path: /etc/wpa.ini, section: guest, state: absent }" },
  ],
  facts: (a) => fileQuestions({ ...a, path: pathOf(a) }),
  plan(a, facts) {
    const removes = a.state === "absent";
    const secret = [a.value, ...(a.values ?? [])].some((v) => v instanceof Secret);
    const task = taskOf(a);
    return editedFile({ ...a, path: pathOf(a), create: a.create ?? true, removes, secret }, facts, (text) =>
      removes ? withoutIni(text, task) : withIni(text, task),
    );
  },
  resultOf: (a, { after }) => pathResultOf(pathOf(a), after.file),
});
