import { z } from "zod";
import type { JellyfinCall } from "../../facts/jellyfin/requests.ts";
import { jellyfinServer as serverFact } from "../../facts/jellyfin/server.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { notReady, placeFields, placeNotes, placeOf, serverChange } from "./place.ts";

const folders = "/Library/VirtualFolders";

/** A library of a Jellyfin server. */
export const jellyfinLibrary = defineModule({
  name: "jellyfin_library",
  kind: "state",
  summary: "Hold a library of a Jellyfin server and its folders.",
  notes: [...placeNotes, "A library of another type is not made anew, as what was watched would be lost: the task is refused."],
  args: z
    .strictObject({
      ...placeFields,
      name: z.string().min(1).describe("Name of the library."),
      type: z
        .enum(["movies", "tvshows", "music", "musicvideos", "homevideos", "boxsets", "books", "mixed"])
        .optional()
        .describe("What is in it. For state present."),
      paths: z
        .array(z.string().regex(/^\/[^\0]*$/, "a folder has an absolute path"))
        .default([])
        .describe("Its folders, as the server sees them: in a container, the paths in there."),
      state: z
        .enum(["present", "absent"])
        .default("present")
        .describe("Whether there shall be such a library. The files are never touched."),
    })
    .refine((a) => a.state === "absent" || (a.type !== undefined && a.paths.length > 0), {
      error: "a library needs a type and paths",
      path: ["type"],
    }),
  result: z.object({ id: z.string().describe("Its id, as a policy names it; empty while it is not known.") }),
  secretArgs: ["admin_password"],
  examples: [
    {
      title: "Films",
      yaml: "jellyfin_library: { admin: ada, admin_password: a long word, name: Films, type: movies, paths: [/media/films] }",
    },
  ],
  facts: (a) => ({ server: serverFact(placeOf(a)) }),
  plan(a, facts) {
    const server = facts.server.value;
    const why = notReady(a, server);
    if (why) return why;
    const now = server.libraries.find((l) => l.name === a.name);
    const others = server.libraries.filter((l) => l !== now);
    const name = encodeURIComponent(a.name);
    const subject = `library ${a.name}`;
    if (a.state === "absent") {
      const gone: JellyfinCall = { method: "DELETE", path: `${folders}?name=${name}&refreshLibrary=false` };
      const fields = [{ name: "state", before: "present", after: undefined }];
      return now ? [serverChange(a, facts.server, subject, fields, [gone], { libraries: others })] : [];
    }
    const type = a.type ?? "mixed";
    if (!now) {
      const fields = [
        { name: "state", before: undefined, after: "present" },
        { name: "type", before: undefined, after: type },
        { name: "paths", before: undefined, after: a.paths },
      ];
      const body = { LibraryOptions: { PathInfos: a.paths.map((Path) => ({ Path })) } };
      const path = `${folders}?name=${name}&collectionType=${type}&refreshLibrary=true`;
      const made = { id: "", name: a.name, type, paths: a.paths };
      return [serverChange(a, facts.server, subject, fields, [{ method: "POST", path, body }], { libraries: [...others, made] })];
    }
    if ((now.type || "mixed") !== type)
      return refusal(
        `the library ${a.name} is one of ${now.type || "mixed"}, not of ${type}: name another, or remove it first with state: absent`,
      );
    const added = a.paths.filter((p) => !now.paths.includes(p));
    const dropped = now.paths.filter((p) => !a.paths.includes(p));
    if (added.length + dropped.length === 0) return [];
    const calls: JellyfinCall[] = [
      ...added.map((Path) => ({ method: "POST", path: `${folders}/Paths`, body: { Name: a.name, PathInfo: { Path } } }) as const),
      ...dropped.map((p) => ({ method: "DELETE", path: `${folders}/Paths?name=${name}&path=${encodeURIComponent(p)}` }) as const),
    ];
    const fields = [{ name: "paths", before: now.paths, after: a.paths }];
    return [serverChange(a, facts.server, subject, fields, calls, { libraries: [...others, { ...now, paths: a.paths }] })];
  },
  resultOf: (a, { after }) => ({
    id: after.server.missing ? "" : (after.server.value.libraries.find((l) => l.name === a.name)?.id ?? ""),
  }),
});
