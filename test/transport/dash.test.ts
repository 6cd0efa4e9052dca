import { localWith } from "./shells.ts";

localWith("/bin/dash");
