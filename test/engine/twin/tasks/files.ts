import fc from "fast-check";
import { file, maybe, of, one, sha, type Task, type Weighted } from "./argument.ts";
import { content } from "./content.ts";

const folder = one(
  "/lab/d1",
  "/lab/d1",
  "/lab/d1",
  "/lab/d2",
  "/lab/d2",
  "/lab/d1/sub",
  "/lab/link",
  "/lab/link/sub",
  "/home/late/data",
  "/home/admin/own",
  "/lab/a",
);
const owner = one("root", "root", "1500", "1500", "late", "daemon", "daemon", "webd");
const group = one("root", "users", "labs", "late", "1501");
const mode = one("0644", "0600", "0755", "0750", "u=rw,g=r,o=");
const text = one("", "one\n", "key=1\nkey=2\n", "no newline", "level {{ level }}\n", "ok 'quoted' $HOME\n");
/** An archive of the target is named by a path, one of the controller by a file of the playbook. */
function onlyOneSource(task: Task): Task {
  const { unarchive } = task as { unarchive: Task };
  return { unarchive: { ...unarchive, remote_src: unarchive.src !== "pack.tar" } };
}

export const files: Weighted = [
  ...content,
  [4, of("file", { path: folder, state: one("directory"), mode: maybe(mode), owner: maybe(owner), group: maybe(group) })],
  [1, of("file", { path: folder, state: one("absent") })],
  [1, of("file", { path: file, state: one("absent") })],
  [1, of("file", { path: file, mode: maybe(mode), owner: maybe(owner) })],
  [1, of("file", { path: file, state: one("touch"), modification_time: one("preserve"), access_time: one("preserve") })],
  [
    2,
    of("file", {
      path: one("/lab/link", "/lab/d1/in"),
      src: one("d1", "d2", "/lab/a", "nowhere"),
      state: one("link"),
      force: maybe(fc.boolean()),
    }),
  ],
  [5, of("copy", { dest: file, content: text, mode: maybe(mode), owner: maybe(owner), group: maybe(group), force: maybe(fc.boolean()) })],
  [1, of("copy", { dest: file, content: text, validate: one("grep -q one %s", "test -e %s") })],
  [1, of("copy", { dest: file, src: one("blob") })],
  [1, of("template", { dest: file, src: one("conf.hbs"), owner: maybe(owner) })],
  [
    4,
    of("lineinfile", {
      path: file,
      line: one("key=1", "key=3", "added"),
      regexp: maybe(one("^key=")),
      create: one(true, true, true, false),
    }),
  ],
  [1, of("lineinfile", { path: file, line: one("drift", "key=1"), state: one("absent") })],
  [2, of("blockinfile", { path: file, block: text, create: fc.boolean() })],
  [
    1,
    of("find", {
      paths: one("/lab", "/lab,/home/late", "/lab/link"),
      patterns: maybe(one("a", "*.conf")),
      recurse: fc.boolean(),
      file_type: maybe(one("any", "directory", "link")),
      get_checksum: maybe(fc.boolean()),
      size: maybe(one(4, "-4b")),
    }),
  ],
  [1, of("fetch", { src: file, dest: one("fetched", "fetched/one"), flat: maybe(fc.boolean()), fail_on_missing: maybe(fc.boolean()) })],
  [
    1,
    of("unarchive", {
      src: one("pack.tar", "/lab/a.tar"),
      dest: one("/lab/d1", "/lab/d2", "/lab"),
      owner: maybe(owner),
      mode: maybe(one("0640")),
      creates: maybe(one("/lab/b.conf")),
      list_files: maybe(fc.boolean()),
    }).map(onlyOneSource),
  ],
  [
    1,
    of("archive", {
      path: one("/lab/d1", "/lab/a,/lab/d2", "/lab/a", "/lab/nothing"),
      dest: one("/lab/pack.tar.gz", "/lab/d2/pack"),
      exclude_path: maybe(one("/lab/d1/a")),
      mode: maybe(mode),
      force_archive: maybe(fc.boolean()),
    }),
  ],
  [1, of("archive", { path: one("/lab/d1", "/lab/a"), dest: one("/lab/moved.tar"), format: one("tar"), remove: one(true) })],
  [1, of("stat", { path: file, get_checksum: maybe(fc.boolean()) })],
  [
    1,
    of("get_url", {
      url: one("https://files.example.org/one", "https://files.example.org/gone"),
      dest: file,
      checksum: one(sha("one\n"), sha("two\n")),
    }),
  ],
  [1, of("get_url", { url: one("https://files.example.org/two"), dest: file, unverified: one("it changes") })],
];
