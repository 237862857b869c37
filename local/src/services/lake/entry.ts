import type { BlobRecord, Identity } from "./state.ts";

/** A file or directory of a container, as it is now. */
export interface Entry extends BlobRecord {
  readonly file: string;
  readonly isDirectory: boolean;
  readonly identity: Identity;
  readonly bytes: number;
  /** Of its bytes or its properties, whichever changed last. */
  readonly modifiedAt: Date;
  readonly createdAt: Date;
}
