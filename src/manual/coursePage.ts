/** Of docs/language.md: which host goes when, tasks on other hosts, and runs that begin in the middle. */
export const coursePage: readonly string[] = [
  "## Which host goes when",
  [
    "```yaml",
    "- hosts: web",
    "  serial: [1, 30%]",
    "  max_fail_percentage: 20",
    "  tasks:",
    "    - name: Take it out of the monitoring, from this machine",
    "      command: { cmd: 'monitoring pause {{ inventory_hostname }}', always: it asks itself }",
    "      delegate_to: localhost",
    "    - name: Change the schema",
    "      command: { cmd: /usr/local/bin/migrate, creates: /srv/schema-7 }",
    "      run_once: true",
    "```",
  ].join("\n"),
  [
    "- `serial` takes the hosts in batches; the last size is repeated, a percentage is of all hosts of the play. Handlers run at the end of each batch. `order` is the order in which hosts are taken.",
    "- Under `strategy: linear` no host goes on before all have done what is between two tasks of unknown effect: [why](decisions/2026-11-21-lockstep-is-a-stretch.md). Under `free` nobody waits.",
    "- `any_errors_fatal`: all hosts finish the task, then the run ends for all; rescue and always parts are done. `max_fail_percentage` must be exceeded; then all stop where they are.",
    "- When every host of a batch has failed or is lost, the run ends: other batches and plays are not run, and a warning names them.",
    "- `delegate_to` names a host of the inventory, or `localhost`: how it is reached and how to become root there is its own, everything else is of the host whose task it is. The line says `web -> localhost`. When it cannot be reached, that host is out of the run.",
    "- `run_once`: the first host of the batch does it, its condition counts, and all hosts of the play get what it registered and set. When it fails, it has failed for all.",
    "- Both are done alone, not in a chain: [why](decisions/2026-11-21-tasks-done-alone.md). In a guarded block they have no place.",
  ].join("\n"),
  "## To begin in the middle",
  [
    "- `run --resume` leads each host on from where the last run ended, and runs the handlers that it is owed; a plain run warns of them: [the journal](decisions/2026-11-21-journal-and-resume.md).",
    "- `run --start-at-task NAME` leaves out what stands before the first task of this name. What that registers is then not defined.",
    "- `run --step` asks before each task.",
  ].join("\n"),
];
