import { type Program, unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";
import { wants } from "./units.ts";

const systemctl: Program = (m, words) => {
  const [verb = "", name = "", more] = words;
  const { units, files } = m;
  if (verb === "daemon-reload" && name === "") {
    units.reread();
    return "";
  }
  if (name === "" || name.startsWith("-") || more !== undefined) return unknownWords("systemctl", words);
  const own = `/etc/systemd/system/${name}`;
  const active = units.running.get(name)?.active === "active";
  switch (verb) {
    case "start":
      if (!active) units.begin(name);
      return "";
    case "try-restart":
      if (active) units.begin(name);
      return "";
    case "restart":
      units.begin(name);
      return "";
    case "reload":
      if (!active) throw new Trouble(1, `${name} is not active, cannot reload.`);
      if (!units.text(name).includes("ExecReload=")) throw new Trouble(1, `Job type reload is not applicable for unit ${name}.`);
      return "";
    case "stop":
      if (units.file(name) === "" && !active) throw new Trouble(5, `Failed to stop ${name}: Unit ${name} not loaded.`);
      units.end(name);
      return "";
    case "enable":
      if (units.isMasked(name) || units.file(name) === "")
        throw new Trouble(1, `Failed to enable unit: Unit ${name} does not exist or is masked.`);
      if (!files.at(wants)) files.mkdir(wants, 0o755, { uid: 0, gid: 0 });
      files.put(`${wants}/${name}`, { kind: "link", mode: 0o777, target: units.file(name) });
      units.reread();
      return "";
    case "disable":
      files.remove(`${wants}/${name}`);
      units.reread();
      return "";
    case "mask":
      if (files.at(own)) throw new Trouble(1, `Failed to mask unit: File ${own} already exists.`);
      files.put(own, { kind: "link", mode: 0o777, target: "/dev/null" });
      units.reread();
      return "";
    case "unmask":
      if (units.isMasked(name)) files.remove(own);
      units.reread();
      return "";
    default:
      return unknownWords("systemctl", words);
  }
};

export const unitPrograms: Readonly<Record<string, Program>> = { systemctl };
