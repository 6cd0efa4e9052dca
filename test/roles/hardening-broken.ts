type Broken = readonly [task: string, command: string, ...items: string[]];

/** Modules whose tasks hold something that can be broken; apt's are seen in the first run. */
export const holding: readonly string[] = [
  "copy",
  "file",
  "group",
  "kernel_module",
  "lineinfile",
  "mount",
  "sysctl",
  "systemd",
  "template",
  "timer",
  "user",
];

/** Tasks that are not broken here, and where they are. */
export const elsewhere: Readonly<Record<string, string>> = {
  "Set sudo up": "hardening-access.hosts.test.ts",
  "Keep sudo's files to root": "hardening-access.hosts.test.ts",
  "Keep every rule for sudo to root": "hardening-access.hosts.test.ts",
  // Both by themselves: behind other changes a check cannot tell a parameter that this kernel may not have, nor what PAM's own program says.
  "Hide kernel addresses and messages, limit tracing": "hardening.hosts.test.ts",
  "Put the profiles into PAM": "hardening-layers.hosts.test.ts, alone",
  "Stop what a server has no use for": "nothing of it is installed here",
};

/** `looped`: the task holds several of them. */
const sysctl = (task: string, name: string, value: string | number, looped = true): Broken => [
  task,
  `sysctl -q -w '${name}=${value}'`,
  ...(looped ? [name] : []),
];

/** Each control in the order of the role, how somebody breaks it, and the turns of its loop that are then wrong. */
export const broken: readonly Broken[] = [
  ["Rotate sudo's log", "sed -i 's/rotate 12/rotate 1/' /etc/logrotate.d/rempart-sudo"],
  ["Lock accounts without a password", "useradd -m nopass; usermod -p '' nopass; chmod 750 /home/nopass", "nopass"],
  ["Let accounts of programs log in nowhere", "useradd -r -s /bin/bash program", "program"],
  ["Trust no host by its name", "touch /etc/hosts.equiv", "/etc/hosts.equiv"],
  // Only in the running kernel: the file that is read at boot is right.
  sysctl("Protect links, FIFOs and files in shared folders", "fs.protected_fifos", 0),
  sysctl("Load no other kernel until the next boot", "kernel.kexec_load_disabled", 0, false),
  sysctl("Restart after a kernel panic", "kernel.panic", 0),
  sysctl("Throw core dumps away", "kernel.core_pattern", "core"),
  sysctl("Map memory at random and not at the bottom", "vm.mmap_min_addr", 4096),
  sysctl("Forward IPv4 for containers only", "net.ipv4.ip_forward", 1, false),
  sysctl("Forward no IPv6", "net.ipv6.conf.all.forwarding", 1, false),
  sysctl("Take no redirects", "net.ipv4.conf.all.accept_redirects", 1),
  sysctl("Send no redirects, take no source routes", "net.ipv4.conf.all.send_redirects", 1),
  sysctl("Check where packets come from", "net.ipv4.conf.default.rp_filter", 0),
  sysctl("Check where packets come from, on the outer interface", "net.ipv4.conf.eth0.rp_filter", 2, false),
  sysctl("Log packets from impossible addresses", "net.ipv4.conf.all.log_martians", 0),
  sysctl("Answer ARP and ICMP sparingly", "net.ipv4.conf.all.arp_announce", 0),
  sysctl("Answer ping, or not", "net.ipv4.icmp_echo_ignore_all", 1, false),
  sysctl("Listen to router advertisements as far as this host needs them", "net.ipv6.conf.default.accept_ra", 0, false),
  sysctl("Listen to router advertisements on the outer interface", "net.ipv6.conf.eth0.accept_ra", 0, false),
  sysctl("Survive floods of half-open connections", "net.ipv4.tcp_synack_retries", 5),
  ["Block kernel modules that nothing here needs", "sed -i '/dccp/d' /etc/modprobe.d/rempart-hardening.conf"],
  ["Make the folder for journald's settings", "chmod 700 /etc/systemd/journald.conf.d"],
  ["Keep the journal over boots, compressed and bounded", "sed -i '/^SystemMaxUse/d' /etc/systemd/journald.conf.d/rempart.conf"],
  ["Take nothing that is not signed", "rm /etc/apt/apt.conf.d/52rempart-trust"],
  ["Compare the files of packages with their sums every week", "sed -i '/^CRON_CHECK/d' /etc/default/debsums"],
  ["Let needrestart tell, and restart nothing", "sed -i \"s/'l'/'a'/\" /etc/needrestart/conf.d/rempart.conf"],
  ["Set age, hash and umask of new accounts", "sed -i 's/^UMASK.*/UMASK 022/' /etc/login.defs", "UMASK"],
  ["Shut new accounts whose password is long out of date", "sed -i '/^INACTIVE/d' /etc/default/useradd"],
  ["Make the folder for what a good password is", "chmod 700 /etc/security/pwquality.conf.d"],
  ["Say what a good password is", "sed -i 's/^minlen.*/minlen = 6/' /etc/security/pwquality.conf.d/rempart.conf"],
  ["Say when an account is locked", "sed -i '/^deny/d' /etc/security/faillock.conf"],
  [
    "Write profiles for pam-auth-update",
    "sed -i 's/remember=24/remember=1/' /usr/share/pam-configs/rempart-pwhistory",
    "rempart-pwhistory",
  ],
  ["Make the group of those who may use su", "groupdel wheel"],
  ["Let only that group use su", "sed -i '/pam_wheel/d' /etc/pam.d/su"],
  ["Limit core dumps and logins", "rm /etc/security/limits.d/rempart.conf"],
  ["Make the folder for the settings of systemd-coredump", "chmod 700 /etc/systemd/coredump.conf.d"],
  ["Keep no core dumps", "sed -i '/^Storage/d' /etc/systemd/coredump.conf.d/rempart.conf"],
  ["End a person's shell that waits", "sed -i 's/TMOUT=900/TMOUT=0/' /etc/profile.d/rempart.sh"],
  ["Warn who logs in", "echo welcome > /etc/issue.net", "/etc/issue.net"],
  ["Run nothing from shared memory", "mount -o remount,exec /dev/shm"],
  ["Take set-id programs and devices from /tmp", "mount -o remount,suid /tmp"],
  ["Mask what a server has no use for", "systemctl unmask -q debug-shell.service", "debug-shell.service"],
  [
    "Keep logs of audit within bounds, and never stop the host for them",
    "sed -i 's/^disk_full_action.*/disk_full_action = ignore/' /etc/audit/auditd.conf",
    "disk_full_action",
  ],
  ["Write down who changes what of the system", "sed -i '/ identity$/d' /etc/audit/rules.d/50-rempart.rules"],
  ["Fix the rules until the next boot, or leave them open", "rm /etc/audit/rules.d/99-rempart-finalize.rules"],
  ["Leave the records of audit to auditd", "systemctl unmask -q systemd-journald-audit.socket"],
  ["Set up the jails for SSH and for those who come back", "sed -i '/^mode/d' /etc/fail2ban/jail.d/rempart.local"],
  ["Run fail2ban, now and after each boot", "systemctl stop fail2ban"],
  ["Look for upgrades every day", "rm /etc/apt/apt.conf.d/20auto-upgrades"],
  [
    "Install security upgrades only, never restart, leave driver and engine alone",
    "sed -i '/nvidia/d' /etc/apt/apt.conf.d/52rempart-unattended-upgrades",
  ],
  ["Make the folder for the timer's settings", "chmod 700 /etc/systemd/system/apt-daily-upgrade.timer.d"],
  ["Upgrade at night", "sed -i 's/02:00/14:00/' /etc/systemd/system/apt-daily-upgrade.timer.d/rempart.conf"],
  ["Run the timers of apt", "systemctl stop apt-daily.timer", "apt-daily.timer"],
  ["Keep what decides over the system to root", "chmod 644 /etc/shadow", "/etc/shadow"],
  ["Keep the folders of jobs to root", "chmod 755 /etc/cron.daily", "cron.daily"],
  ["Let root alone plan jobs", "echo ada >> /etc/cron.allow", "/etc/cron.allow"],
  ["Keep homes from others", "chmod 755 /home/deploy", "/home/deploy"],
  ["Make AIDE's folders", "chmod 700 /etc/aide", "/etc/aide"],
  ["Say what AIDE watches", "sed -i '/^.etc Watched/d' /etc/aide/aide.conf"],
  ["Write the check, which accepts what a package vouches for", "chmod 755 /usr/local/sbin/rempart-aide"],
  ["Look every night", "sed -i '/^PrivateNetwork/d' /etc/systemd/system/rempart-aide.service; systemctl stop rempart-aide.timer"],
];

/** Of SSH, sudo and the firewall: what goes together, the tasks that then name it in their order, and how somebody breaks it. */
export const brokenDoors: readonly (readonly [what: string, named: readonly string[], ...commands: string[]])[] = [
  [
    "settings, modes, a rule, a policy and a unit",
    [
      "Set sudo up",
      "Keep sudo's files to root",
      "Keep every rule for sudo to root",
      "Drop what no rule names",
      "Let in SSH and what this host offers",
      "Start the firewall with the host",
      "Set the SSH server up",
      "Reload SSH",
    ],
    "echo 'PasswordAuthentication yes' >> /etc/ssh/sshd_config.d/00-rempart.conf",
    "echo 'Defaults !use_pty' >> /etc/sudoers.d/zz-rempart",
    "chmod 640 /etc/sudoers",
    "echo '# none' > /etc/sudoers.d/other; chmod 644 /etc/sudoers.d/other",
    "ufw allow 3306/tcp",
    "ufw default allow incoming",
    "systemctl disable -q ufw",
  ],
  [
    "a key, the line that reads the server's settings, a rule that is gone, and kernel parameters of ufw's own",
    [
      "Keep the SSH server's keys to root",
      "Count for IPv6 too, and leave kernel parameters to this role",
      "Let in SSH and what this host offers",
      "Reload ufw",
      "Let the SSH server read that folder first",
      "Reload SSH",
    ],
    "ssh-keygen -q -t rsa -N '' -f /etc/ssh/ssh_host_rsa_key <<< n; chmod 644 /etc/ssh/ssh_host_rsa_key",
    "sed -i '/^Include/d' /etc/ssh/sshd_config",
    "ufw --force delete 2",
    "sed -i 's#^IPT_SYSCTL=.*#IPT_SYSCTL=/etc/ufw/sysctl.conf#' /etc/default/ufw",
  ],
];
