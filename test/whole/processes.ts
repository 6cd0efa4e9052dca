const root = "/srv/processes";

function twenty(task: (i: number) => object): object[] {
  return times(20, task);
}

function times(count: number, task: (i: number) => object): object[] {
  return Array.from({ length: count }, (_, i) => ({ name: `number ${i}`, ...task(i) }));
}

const parameters = ["accept_redirects", "accept_source_route", "send_redirects", "secure_redirects", "log_martians"];
const installed = ["dash", "bash", "coreutils", "sed", "grep", "tar", "gzip", "dpkg", "apt", "libc6"];

/** Tasks by what they are about; each kind builds on what those before it made. */
export const processTasks: Readonly<Record<string, readonly object[]>> = {
  facts: [{ name: "said", debug: { msg: "{{ facts.os.id }}" } }],
  directories: twenty((i) => ({ file: { path: `${root}/${i}`, state: "directory", mode: "0750" } })),
  files: twenty((i) => ({ copy: { content: `number ${i}\n`, dest: `${root}/${i}/file`, mode: "0640" } })),
  "files of another owner": twenty((i) => ({
    copy: { content: `number ${i}\n`, dest: `${root}/${i}/owned`, owner: "daemon", group: "daemon" },
  })),
  "files that change": twenty((i) => ({ copy: { content: `the number ${i}\n`, dest: `${root}/${i}/file`, mode: "0640" } })),
  templates: twenty((i) => ({ template: { src: "t.conf.hbs", dest: `${root}/${i}/conf` }, vars: { number: i } })),
  "lines in files of their own": twenty((i) => ({ lineinfile: { path: `${root}/${i}/lines`, line: "more = 1", create: true } })),
  "lines in one file": twenty((i) => ({ lineinfile: { path: `${root}/lines`, line: `more = ${i}`, create: true } })),
  modes: twenty((i) => ({ file: { path: `${root}/${i}/owned`, mode: "0600" } })),
  links: twenty((i) => ({ file: { path: `${root}/link-${i}`, src: `${root}/${i}`, state: "link" } })),
  "links taken away": twenty((i) => ({ file: { path: `${root}/link-${i}`, state: "absent" } })),
  groups: times(5, (i) => ({ group: { name: `group${i}`, gid: 4000 + i } })),
  users: times(5, (i) => ({
    user: { name: `user${i}`, uid: 4000 + i, group: `group${i}`, shell: "/usr/sbin/nologin", create_home: false },
  })),
  sysctls: times(10, (i) => ({
    sysctl: {
      name: `net.ipv4.conf.${i < 5 ? "all" : "default"}.${parameters[i % 5] ?? ""}`,
      value: parameters[i % 5] === "log_martians" ? 1 : 0,
    },
  })),
  "packages that are there": times(10, (i) => ({ apt: { name: installed[i] ?? "" } })),
  "unit files": times(10, (i) => ({
    copy: {
      dest: `/etc/systemd/system/process${i}.service`,
      content: `[Service]\nExecStart=/bin/sleep ${1000 + i}\n[Install]\nWantedBy=multi-user.target\n`,
    },
  })),
  services: times(10, (i) => ({ systemd: { name: `process${i}`, state: "started", enabled: true } })),
};
