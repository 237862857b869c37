/** The inputs of the proof, each with what has to become of it. */
import type { Cells } from "./oracle/cells.ts";

/** A message as the vendor's client takes it, its body of whatever kind. */
export interface Message {
  readonly body: unknown;
  readonly bodyType: "data" | "value" | "sequence";
}

/** Accepted with these columns; or refused with such a reason for what stands in this place; or one of both, as long as it is accounted for. */
export type Wanted =
  | { readonly accepted: Cells; readonly isLate?: boolean }
  | { readonly refused: RegExp; readonly place?: string }
  | { readonly repeated: true }
  | { readonly either: Cells };

export interface EventVector {
  readonly kind: string;
  readonly name: string;
  /** What is sent: a body of bytes, or a message whose body is something else. */
  readonly body: Buffer | Message;
  /** One for each row that it makes, by the row's number where the source splits its bodies. */
  readonly rows: ReadonlyMap<number, Wanted>;
}

/** Refused as a whole; or its rows in order; or either; or never taken. */
export type WantedFile =
  | { readonly refused: RegExp }
  | { readonly rows: readonly Wanted[] }
  | { readonly either: true }
  | { readonly left: RegExp | "unseen" };

export interface FileVector {
  readonly kind: string;
  readonly source: string;
  /** As it is dropped, below its folder. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Copied into the folder; `old`: as if it had been there for days. Without it, the seed says how it is dropped. */
  readonly copied?: "now" | "old";
  readonly wanted: WantedFile;
}
