/** A program of the fake machine ends with another exit code than 0. */
export class Trouble extends Error {
  readonly rc: number;
  constructor(rc: number, stderr: string) {
    super(stderr);
    this.rc = rc;
  }
}

/** The test itself is wrong: the fake machine was told to run or to answer something that it does not know. */
export class NotModelled extends Error {}
