import { Trouble } from "./trouble.ts";

export interface FakeUser {
  readonly name: string;
  uid: number;
  gid: number;
  comment: string;
  home: string;
  shell: string;
  /** As in /etc/shadow. */
  hash: string;
  expires: string;
}

export interface FakeGroup {
  readonly name: string;
  gid: number;
  members: string[];
}

/** A stand-in for passwd, group and shadow. */
export class FakeAccounts {
  readonly users: FakeUser[] = [];
  readonly groups: FakeGroup[] = [];

  constructor() {
    for (const [name, id] of [
      ["root", 0],
      ["daemon", 1],
      ["admin", 1000],
    ] as const) {
      this.groups.push({ name, gid: id, members: [] });
      this.users.push({
        name,
        uid: id,
        gid: id,
        comment: "",
        home: id === 0 ? "/root" : `/home/${name}`,
        shell: "/bin/sh",
        hash: "*",
        expires: "",
      });
    }
    this.groups.push({ name: "users", gid: 100, members: [] }, { name: "docker", gid: 990, members: [] });
  }

  user(name: string): FakeUser | undefined {
    return this.users.find((u) => u.name === name);
  }

  group(name: string): FakeGroup | undefined {
    return this.groups.find((g) => g.name === name);
  }

  uidOf(text: string): number | undefined {
    return this.user(text)?.uid ?? (/^\d+$/.test(text) ? Number(text) : undefined);
  }

  gidOf(text: string): number | undefined {
    return this.group(text)?.gid ?? (/^\d+$/.test(text) ? Number(text) : undefined);
  }

  userName(uid: number): string {
    return this.users.find((u) => u.uid === uid)?.name ?? String(uid);
  }

  groupName(gid: number): string {
    return this.groups.find((g) => g.gid === gid)?.name ?? String(gid);
  }

  freeId(used: readonly number[], system: boolean): number {
    let id = system ? 999 : 1001;
    while (used.includes(id)) id += system ? -1 : 1;
    return id;
  }

  addGroup(name: string, gid?: number, system = false): FakeGroup {
    if (this.group(name)) throw new Trouble(9, `groupadd: group '${name}' already exists`);
    if (gid !== undefined && this.groups.some((g) => g.gid === gid)) throw new Trouble(4, `groupadd: GID '${gid}' already exists`);
    const made = {
      name,
      gid:
        gid ??
        this.freeId(
          this.groups.map((g) => g.gid),
          system,
        ),
      members: [],
    };
    this.groups.push(made);
    return made;
  }

  drop<T>(list: T[], item: T): void {
    list.splice(list.indexOf(item), 1);
  }

  dump(): unknown {
    return { users: this.users, groups: this.groups };
  }
}
