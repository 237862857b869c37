import type { BlobRecord, Identity } from "./state.ts";

/** A file or directory of a container, as it is now. */
export interface Entry extends BlobRecord {
  readonly file: string;
  readonly isDirectory: boolean;
  readonly identity: Identity;
  readonly bytes: number;
  readonly modifiedAt: Date;
  readonly createdAt: Date;
}
