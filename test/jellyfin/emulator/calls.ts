import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type Answer, type Asked, done, mapOf, problem, textOf } from "./answer.ts";
import { backups } from "./backups.ts";
import type { Section, SettingFiles } from "./settings.ts";
import { type Data, newToken, newUser, shownUser, takePolicy } from "./users.ts";
import type { Setting } from "./xml.ts";

/** What an administrator may ask. undefined: there is no such address. */
export function administration(asked: Asked, data: Data, files: SettingFiles, config: string): Answer | undefined {
  return users(asked, data) ?? libraries(asked, data) ?? settings(asked, files) ?? backups(asked, data, config) ?? keys(asked, data);
}

function users(asked: Asked, data: Data): Answer | undefined {
  const call = `${asked.method} ${asked.path}`;
  const body = mapOf(asked.body);
  if (call === "GET /Users") return { status: 200, body: data.users.map(shownUser) };
  if (call === "POST /Users/New") {
    const name = textOf(body.Name);
    if (!/^[\p{L}\p{N} _'.+@-]+$/u.test(name)) return problem(400, "Usernames can contain unicode symbols, numbers (0-9), dashes, ...");
    if (data.users.some((u) => u.name.toLowerCase() === name.toLowerCase()))
      return problem(400, `A user with the name '${name}' already exists.`);
    const user = newUser(name, textOf(body.Password));
    data.users.push(user);
    return { status: 200, body: shownUser(user) };
  }
  if (call === "POST /Users/Password") {
    const user = data.users.find((u) => u.id === asked.query.get("userId"));
    if (!user) return problem(404, "User not found");
    user.password = textOf(body.NewPw);
    data.sessions = data.sessions.filter((s) => s.user !== user.id);
    return done;
  }
  const [, id, policy] = /^\/Users\/([0-9a-f]{32})(\/Policy)?$/.exec(asked.path) ?? [];
  if (id === undefined) return undefined;
  const user = data.users.find((u) => u.id === id);
  if (!user) return problem(404, "User not found");
  if (policy !== undefined && asked.method === "POST") {
    const wrong = takePolicy(user, body, data.users);
    return wrong ? problem(wrong.status, wrong.why) : done;
  }
  if (policy === undefined && asked.method === "GET") return { status: 200, body: shownUser(user) };
  if (policy !== undefined || asked.method !== "DELETE") return undefined;
  if (user.policy.IsAdministrator === true && data.users.filter((u) => u.policy.IsAdministrator === true).length === 1)
    return problem(400, "There must be at least one user in the system with administrative access.");
  data.users = data.users.filter((u) => u !== user);
  data.sessions = data.sessions.filter((s) => s.user !== user.id);
  return done;
}

const kinds = ["movies", "tvshows", "music", "musicvideos", "homevideos", "boxsets", "books", "mixed"];

function libraries(asked: Asked, data: Data): Answer | undefined {
  if (!asked.path.startsWith("/Library/VirtualFolders")) return undefined;
  const call = `${asked.method} ${asked.path.slice("/Library/VirtualFolders".length)}`;
  const body = mapOf(asked.body);
  const named = (name: string | null) => data.libraries.find((l) => l.name === name);
  if (call === "GET ")
    return {
      status: 200,
      body: data.libraries.map((l) => ({
        Name: l.name,
        Locations: l.locations,
        CollectionType: l.type,
        ItemId: l.id,
        LibraryOptions: { Enabled: true, PathInfos: l.locations.map((Path) => ({ Path })) },
      })),
    };
  if (call === "POST ") {
    const name = asked.query.get("name") ?? "";
    const type = asked.query.get("collectionType") ?? "";
    const paths = pathsOf(mapOf(body.LibraryOptions).PathInfos);
    if (name.trim() === "" || named(name)) return problem(409, "A library with this name is there, or the name is empty.");
    if (!kinds.includes(type)) return problem(400, `The value '${type}' is not valid.`);
    if (paths.some((p) => !existsSync(p))) return problem(404, "The path does not exist.");
    data.libraries.push({ name, type, id: createHash("md5").update(name).digest("hex"), locations: paths });
    return done;
  }
  if (call === "DELETE ") {
    if (!named(asked.query.get("name"))) return problem(404, "The media folder does not exist");
    data.libraries = data.libraries.filter((l) => l.name !== asked.query.get("name"));
    return done;
  }
  if (call === "POST /Paths") {
    const library = named(textOf(body.Name));
    const path = textOf(mapOf(body.PathInfo).Path);
    if (!library || !existsSync(path)) return problem(404, "The path does not exist.");
    library.locations = [...new Set([...library.locations, path])];
    return done;
  }
  if (call === "DELETE /Paths") {
    const library = named(asked.query.get("name"));
    if (!library) return problem(404, "The media collection does not exist");
    library.locations = library.locations.filter((l) => l !== asked.query.get("path"));
    return done;
  }
  return undefined;
}

function pathsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map((one) => textOf(mapOf(one).Path)) : [];
}

function settings(asked: Asked, files: SettingFiles): Answer | undefined {
  if (asked.path === "/Repositories") {
    if (asked.method === "GET") return { status: 200, body: files.of("system").PluginRepositories };
    if (asked.method !== "POST") return undefined;
    if (!Array.isArray(asked.body)) return problem(400, "The JSON value could not be converted.");
    const list = asked.body.map(mapOf).map((r) => ({ Name: textOf(r.Name), Url: textOf(r.Url), Enabled: r.Enabled !== false }));
    files.write("system", { ...files.of("system"), PluginRepositories: list as Setting });
    return done;
  }
  const [, part] = /^\/System\/Configuration(?:\/(\w+))?$/.exec(asked.path) ?? ["", "-"];
  if (part === "-") return undefined;
  const section = (part ?? "system") as Section;
  if (!["system", "network", "encoding"].includes(section)) return problem(404, `Configuration with key ${section} not found.`);
  if (asked.method === "GET") return { status: 200, body: files.of(section) };
  if (asked.method !== "POST") return undefined;
  const wrong = files.replace(section, mapOf(asked.body));
  return wrong === undefined ? done : problem(400, wrong);
}

function keys(asked: Asked, data: Data): Answer | undefined {
  const held = data.sessions.filter((s) => s.user === undefined);
  switch (`${asked.method} ${asked.path}`) {
    case "GET /Auth/Keys":
      return {
        status: 200,
        body: { Items: held.map((k) => ({ AppName: k.app, AccessToken: k.token })), TotalRecordCount: held.length },
      };
    case "POST /Auth/Keys":
      data.sessions.push({ token: newToken(), app: asked.query.get("app") ?? "", device: "" });
      return done;
  }
  const [, key] = /^\/Auth\/Keys\/(\w+)$/.exec(asked.path) ?? [];
  if (key === undefined || asked.method !== "DELETE") return undefined;
  data.sessions = data.sessions.filter((s) => s.token !== key);
  return done;
}
