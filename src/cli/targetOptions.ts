import { type Command, Option } from "commander";
import { viewNames } from "../views/names.ts";
import { collect, collectList } from "./command.ts";
import { seconds } from "./numbers.ts";

/** Options of every command that reads the inventory. */
export interface InventoryOptions {
  readonly inventory: readonly string[];
  readonly limit?: string;
  readonly vaultPassphraseFile?: string;
  readonly vaultIdentity: readonly string[];
  readonly askVaultPassphrase?: true;
}

/** Options of every command that connects. */
export interface ConnectOptions {
  readonly user?: string;
  readonly become?: true;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly askBecomePass?: true;
  readonly askPass?: true;
  readonly privateKey?: string;
  readonly connection?: string;
}

/** Adds the options that say which hosts, and how encrypted files are opened. */
export function inventoryOptions(command: Command): Command {
  return vaultOptions(
    command
      .option("-i, --inventory <path>", "inventory file or folder; may be repeated (default: the one file in inventory/)", collect, [])
      .option("-l, --limit <pattern>", "only the hosts of this pattern"),
  );
}

/** Adds the options that open encrypted files. */
export function vaultOptions(command: Command): Command {
  return command
    .option("--vault-passphrase-file <file>", "file with the passphrase of encrypted files (or REMPART_VAULT_PASSPHRASE_FILE)")
    .option("--vault-identity <file>", "age identity file for encrypted files; may be repeated (or REMPART_VAULT_IDENTITY)", collect, [])
    .option("--ask-vault-passphrase", "ask for the passphrase of encrypted files");
}

/** Adds the options that say which tasks, and with which variables. */
export function selectOptions(command: Command): Command {
  return command
    .option("-t, --tags <tags>", "only tasks with one of these tags (comma-separated)", collectList, [])
    .option("--skip-tags <tags>", "not the tasks with one of these tags", collectList, [])
    .option("-e, --extra-vars <vars>", "variables that win over all others: key=value, a YAML or JSON map, or @file", collect, []);
}

/** How to print the events of a run. */
export function outputOption(): Option {
  return new Option("--output <view>", "how to print (default: terminal, or plain in a pipe)").choices(viewNames);
}

/** Adds the options that say how hosts are reached; the inventory's own variables win over them. */
export function connectOptions(command: Command): Command {
  return command
    .option("-u, --user <name>", "user to log in as")
    .option("-k, --ask-pass", "ask for the login password")
    .option("--private-key <file>", "private key to log in with")
    .addOption(new Option("-c, --connection <kind>", "how to reach the hosts").choices(["ssh", "local", "docker"]))
    .option("-b, --become", "act as another user on the target")
    .option("--become-user <name>", "the user to become (root)")
    .addOption(new Option("--become-method <method>", "how to become").choices(["sudo", "su", "doas"]))
    .option("-K, --ask-become-pass", "ask for the password of sudo, su or doas");
}

/** For commands that change hosts: one run at a time works on a host. */
export function waitOption(): Option {
  return new Option("--wait [time]", "wait for a host that another run is at work on").argParser(seconds).preset("30m");
}
