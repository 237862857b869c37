import fc from "fast-check";
import rhea from "rhea";
import { bodiesOf } from "../../../src/sources/hub/bodies.ts";

const encoded = (body: unknown): { content: Buffer } => ({
  content: rhea.message.encode({
    body,
    message_annotations: { "x-opt-sequence-number": 7 },
    application_properties: { key: "value" },
  }),
});

const bodyOf = async (message: unknown): Promise<string> =>
  (await bodiesOf([message])).toString();

const { data_section, data_sections, sequence_section } =
  rhea.message as unknown as Record<string, (content: unknown) => unknown>;

test.each([
  ["data", data_section?.(Buffer.from("text")), "text"],
  ["no bytes", data_section?.(Buffer.alloc(0)), ""],
  [
    "data of more than 255 bytes",
    data_section?.(Buffer.alloc(300, "x")),
    "x".repeat(300),
  ],
  [
    "data in several sections",
    data_sections?.([Buffer.from("in "), Buffer.from("parts")]),
    "in parts",
  ],
  ["a value that is text", '{"device":"d"}', '{"device":"d"}'],
  ["a value that is a map", { device: "d", n: 1 }, '{"device":"d","n":1}'],
  ["a value that is null", null, "null"],
  [
    "a value with bytes and a time",
    { at: new Date(0), bytes: Buffer.from("a") },
    '{"at":"1970-01-01T00:00:00.000Z","bytes":"YQ=="}',
  ],
  ["a sequence", sequence_section?.([1, "two", [3]]), '[1,"two",[3]]'],
])("a body that is %s becomes its bytes", async (_, body, bytes) => {
  expect(await bodyOf(encoded(body))).toBe(bytes);
});

test("a message that cannot be read becomes a body of its own bytes, so that the contract refuses it", async () => {
  const content = Buffer.from("no AMQP");
  expect(await bodyOf({ content })).toBe("no AMQP");
  const { content: whole } = encoded(data_section?.(Buffer.from("text")));
  const cut = whole.subarray(0, -1);
  expect(await bodyOf({ content: cut })).toBe(cut.toString());
});

test("bodies that the host has bound to bytes are taken as they are", async () => {
  expect(await bodyOf(Buffer.from("text"))).toBe("text");
});

const AMQP_VALUE = [0x00, 0x53, 0x77];

/** A list, map or array with sizes of four bytes. */
function sized(code: number, count: number, content: readonly number[]) {
  const head = Buffer.alloc(9);
  head[0] = code;
  head.writeUInt32BE(content.length + 4, 1);
  head.writeUInt32BE(count, 5);
  return [...head, ...content];
}
const LIST = 0xd0;
const ARRAY = 0xf0;
const MOST = 2 ** 32 - 1;
const NULL = 0x40;

/** `inner` in as many lists. */
const nested = (depth: number, inner: readonly number[]): readonly number[] =>
  depth === 0 ? inner : sized(LIST, 1, nested(depth - 1, inner));

const bodyOfBytes = (bytes: readonly number[]) =>
  bodyOf({ content: Buffer.from(bytes) });

test.each([
  ["an array of nulls", sized(ARRAY, MOST, [NULL])],
  ["an array of empty lists", sized(ARRAY, MOST, [0x45])],
  [
    "an array of what is described and has no bytes",
    sized(ARRAY, MOST, [0x00, 0x53, 0x01, NULL]),
  ],
  ["a list with such an array", nested(3, sized(ARRAY, MOST, [NULL]))],
  [
    "many arrays that have together too many",
    sized(
      LIST,
      8,
      Array.from({ length: 8 }, () => sized(ARRAY, 90, [NULL])).flat(),
    ),
  ],
  ["a list", sized(LIST, MOST, [NULL])],
  ["a map", sized(0xd1, MOST, [0x41, NULL])],
  ["an array whose elements have bytes", sized(ARRAY, MOST, [0x56, 0x01])],
])(
  "%s that says more elements than it has bytes is not decoded, and becomes a body of the message's bytes",
  async (_, value) => {
    const message = [...AMQP_VALUE, ...value];
    const body = await bodiesOf([{ content: Buffer.from(message) }]);
    expect(body).toEqual([Buffer.from(message)]);
  },
);

test("what a value says of its elements is believed as far as there are bytes", async () => {
  const message = (count: number) => [
    ...AMQP_VALUE,
    ...sized(ARRAY, count, [NULL]),
  ];
  const most = message(0).length;
  expect(JSON.parse(await bodyOfBytes(message(most)))).toHaveLength(most);
  const beyond = await bodiesOf([{ content: Buffer.from(message(most + 1)) }]);
  expect(beyond).toEqual([Buffer.from(message(most + 1))]);
});

test("values are decoded to a depth that no reader of JSON minds, and deeper ones become the message's bytes", async () => {
  const message = (depth: number) => [...AMQP_VALUE, ...nested(depth, [NULL])];
  expect(await bodyOfBytes(message(100))).toBe(
    `${"[".repeat(100)}null${"]".repeat(100)}`,
  );
  const described = Array.from({ length: 10_000 }, () => 0x00);
  for (const bytes of [
    message(200),
    message(2_000),
    [...AMQP_VALUE, ...described, NULL],
    [...AMQP_VALUE, ...described.flatMap(() => [0x00, 0x53, 0x01]), NULL],
  ])
    expect(await bodiesOf([{ content: Buffer.from(bytes) }])).toEqual([
      Buffer.from(bytes),
    ]);
});

const symbol = (text: string) => [0xa3, text.length, ...Buffer.from(text)];
const TEXT = [0xa1, 0x02, ...Buffer.from("hi")];
const DATA_TEXT = [0xa0, 0x02, ...Buffer.from("hi")];
const wide = (code: number) => [0x00, 0x80, 0, 0, 0, 0, 0, 0, 0, code];

test.each([
  [
    "data, named by a number of eight bytes",
    [...wide(0x75), ...DATA_TEXT],
    "hi",
  ],
  [
    "data, named by a symbol",
    [0x00, ...symbol("amqp:data:binary"), ...DATA_TEXT],
    "hi",
  ],
  [
    "data in two sections with other forms of their name",
    [
      ...wide(0x75),
      ...DATA_TEXT,
      0x00,
      ...symbol("amqp:data:binary"),
      ...DATA_TEXT,
    ],
    "hihi",
  ],
  ["a value, named by a number of eight bytes", [...wide(0x77), ...TEXT], "hi"],
  [
    "a value, named by a symbol",
    [0x00, ...symbol("amqp:amqp-value:*"), ...TEXT],
    "hi",
  ],
  [
    "a value that is described",
    [...AMQP_VALUE, 0x00, ...symbol("unit"), ...TEXT],
    "hi",
  ],
  [
    "a list whose element is described",
    [
      ...AMQP_VALUE,
      ...sized(LIST, 2, [0x00, ...symbol("unit"), ...TEXT, 0x41]),
    ],
    '["hi",true]',
  ],
  [
    "a list whose element is a list that is described, and so is its element",
    [
      ...AMQP_VALUE,
      ...sized(LIST, 1, [
        ...[0x00, ...symbol("list")],
        ...sized(LIST, 1, [0x00, 0x53, 0x01, ...TEXT]),
      ]),
    ],
    '[["hi"]]',
  ],
])("a body that is %s becomes its bytes", async (_, bytes, body) => {
  expect(await bodyOfBytes(bytes)).toBe(body);
});

test("a map keeps properties that are called as the decoder's own", async () => {
  const inner = { toRheaTyped: 3, type: "t", value: 1, descriptor: 2 };
  const outer = { typecode: 1, content: "c", collect_sections: 2, inner };
  // The encoder, too, looks for its own among the members of an object.
  const body = new Map(Object.entries(outer));
  expect(JSON.parse(await bodyOf(encoded(body)))).toEqual(outer);
});

test("a data section without binary becomes a body of the message's bytes", async () => {
  const bytes = [0x00, 0x53, 0x75, ...TEXT];
  expect(await bodyOfBytes(bytes)).toBe(Buffer.from(bytes).toString());
});

test("whatever a sender's library encodes is decoded, and however bytes of it are changed no body fails", async () => {
  const value: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((name) => name !== "__proto__"),
        tie("any"),
        { maxKeys: 4 },
      ),
    ),
  })).any;
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (list, changes) => {
        const { content } = encoded(list);
        expect(JSON.parse(await bodyOf({ content }))).toEqual(list);
        const changed = Buffer.from(content);
        for (const [at, byte] of changes) changed[at % changed.length] = byte;
        await expect(bodyOf({ content: changed })).resolves.toBeDefined();
      },
    ),
  );
});
