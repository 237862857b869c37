/** A 64-bit integer as protobuf gives it to a worker that has npm's `long` beside it. */
export interface Long {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

/** A value on its way into a function: the worker's protocol buffer message `TypedData`, one field set. */
export type TypedData =
  | { readonly string: string }
  | { readonly json: string }
  | { readonly bytes: Uint8Array }
  | { readonly stream: Uint8Array }
  | { readonly http: HttpData }
  | { readonly int: number | Long }
  | { readonly double: number }
  | { readonly collectionBytes: { readonly bytes: readonly Uint8Array[] } }
  | {
      readonly collectionModelBindingData: {
        readonly modelBindingData: readonly ModelBindingData[];
      };
    }
  | { readonly collectionString: { readonly string: readonly string[] } }
  | { readonly collectionDouble: { readonly double: readonly number[] } }
  | {
      readonly collectionSint64: {
        readonly sint64: readonly (number | Long)[];
      };
    };

/** What an extension hands to the worker in place of a value, to be read there. */
interface ModelBindingData {
  readonly version: string;
  readonly source: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** `null` of a nullable value is its absence. */
export interface NullableString {
  readonly value?: string;
}

interface HttpData {
  readonly method: string;
  readonly url: string;
  readonly nullableHeaders: Readonly<Record<string, NullableString>>;
  readonly nullableParams: Readonly<Record<string, NullableString>>;
  readonly nullableQuery: Readonly<Record<string, NullableString>>;
  readonly body?: TypedData;
}

/** How the host makes typed data of its own values. Text, which the library guesses at (`"42"` arrives as 42), it is not. */
export const json = (value: unknown): TypedData => ({
  json: JSON.stringify(value),
});
