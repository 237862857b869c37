import { receive, receiveText } from "../bodies.ts";
import type { ListedBlock } from "../blocks.ts";
import { checkWrite, conditionsOf } from "../conditions.ts";
import { fail } from "../errors.ts";
import { xmlReply } from "../exchange.ts";
import { draftsOf, versionHeaders, type Operation } from "../lake.ts";
import { MAX_BLOCKS, MAX_PUT_BLOCK_BYTES } from "../limits.ts";
import { checkNewPath } from "../names.ts";
import { httpProperties, metadataOf } from "../properties.ts";
import { elements } from "../xml.ts";

const MAX_LIST_BYTES = 16 * 1024 * 1024;

const block = { comp: "block" };
const blocklist = { comp: "blocklist" };

export const blockOperations: readonly Operation[] = [
  {
    name: "Put Block",
    match: { method: "PUT", level: "path", query: block },
    async run({ state, containers, blocks }, exchange) {
      const { address } = exchange;
      containers.needDir(address.container);
      checkNewPath(address.path);
      const id = exchange.needQuery("blockid");
      const incoming = await receive(
        exchange,
        state.newIncoming(),
        MAX_PUT_BLOCK_BYTES,
      );
      blocks.put(address, id, incoming);
      const { md5 } = incoming;
      return {
        status: 201,
        headers: {
          "x-ms-request-server-encrypted": "true",
          ...(md5 === undefined ? {} : { "content-md5": md5 }),
        },
      };
    },
  },
  {
    name: "Put Block List",
    match: { method: "PUT", level: "path", query: blocklist },
    async run(lake, exchange) {
      const { store, blocks } = lake;
      const { address } = exchange;
      const conditions = conditionsOf(exchange);
      const list = listedBlocks(await receiveText(exchange, MAX_LIST_BYTES));
      const existing = store.find(address);
      checkWrite(conditions, existing);
      const made = await blocks.assemble(address, existing, list);
      const drafts = draftsOf(lake, exchange);
      const entry = store.place(
        address,
        made.incoming,
        {
          ...httpProperties(exchange, "x-ms-blob-"),
          ...metadataOf(exchange),
          blocks: made.blocks,
        },
        conditions,
        (placed) => drafts.created("PutBlockList", address, placed),
      );
      blocks.forget(address);
      return {
        status: 201,
        headers: {
          ...versionHeaders(entry),
          "x-ms-request-server-encrypted": "true",
        },
      };
    },
  },
  {
    name: "Get Block List",
    match: { method: "GET", level: "path", query: blocklist },
    run({ store, blocks }, exchange) {
      const { address } = exchange;
      const entry = store.find(address);
      const uncommitted = blocks.uncommitted(address);
      if (!entry && uncommitted.length === 0) fail("blobNotFound");
      const type =
        exchange.query("blocklisttype")?.toLowerCase() ?? "committed";
      const shown = (list: readonly (readonly [string, number])[]): string =>
        list
          .map(([Name, Size]) => `<Block>${elements({ Name, Size })}</Block>`)
          .join("");
      const part = (name: string, xml: string): string =>
        [name.slice(0, -6).toLowerCase(), "all"].includes(type)
          ? `<${name}>${xml}</${name}>`
          : "";
      const reply = xmlReply(
        `<BlockList>${part("CommittedBlocks", shown(entry?.properties.blocks ?? []))}` +
          `${part("UncommittedBlocks", shown(uncommitted))}</BlockList>`,
      );
      return entry
        ? {
            ...reply,
            headers: {
              ...reply.headers,
              ...versionHeaders(entry),
              "x-ms-blob-content-length": entry.bytes,
            },
          }
        : reply;
    },
  },
];

function listedBlocks(xml: string): ListedBlock[] {
  if (!/<BlockList\s*\/?>/.test(xml)) fail("invalidXml");
  const found = xml.matchAll(/<(Latest|Committed|Uncommitted)>([^<]*)<\/\1>/g);
  const list = [...found].map(([, from, id = ""]) => ({
    id: id.trim(),
    from: from as ListedBlock["from"],
  }));
  return list.length > MAX_BLOCKS ? fail("blockListTooLong") : list;
}
