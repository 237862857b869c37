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
