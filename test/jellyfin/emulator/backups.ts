import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, type Asked, mapOf, problem } from "./answer.ts";
import type { Data } from "./users.ts";

/** What the server saves of itself: a file each in data/backups. From 10.11 on. */
export function backups(asked: Asked, data: Data, config: string): Answer | undefined {
  if (!/^\/Backup(\/|$)/.test(asked.path) || "10.11".localeCompare(data.version, "en", { numeric: true }) > 0) return undefined;
  const folder = join(config, "data/backups");
  switch (`${asked.method} ${asked.path}`) {
    case "GET /Backup":
      return { status: 200, body: existsSync(folder) ? readdirSync(folder).map((name) => manifest(join(folder, name))) : [] };
    case "GET /Backup/Manifest": {
      const path = asked.query.get("path") ?? "";
      return path.startsWith(folder) && existsSync(path) ? { status: 200, body: manifest(path) } : problem(404, "There is no such backup.");
    }
    case "POST /Backup/Create": {
      const options = mapOf(asked.body);
      for (const name of ["Database", "Metadata", "Subtitles", "Trickplay"])
        if (typeof options[name] !== "boolean") return problem(400, `The JSON value could not be converted. Path: $.${name}`);
      const now = new Date().toISOString();
      const path = join(folder, `jellyfin-backup-${now.replace(/\D/g, "").slice(0, 14)}.zip`);
      mkdirSync(folder, { recursive: true });
      const made = { ServerVersion: data.version, BackupEngineVersion: "0.2.0", DateCreated: now, Path: path, Options: options };
      writeFileSync(path, JSON.stringify({ ...made, data }), { mode: 0o600 });
      return { status: 200, body: made };
    }
  }
  return undefined;
}

function manifest(path: string): Readonly<Record<string, unknown>> {
  const { data: _, ...told } = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
  return told;
}
