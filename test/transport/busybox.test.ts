import { localWith } from "./shells.ts";

localWith("/bin/busybox");
