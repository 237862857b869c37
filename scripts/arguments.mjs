/**
 * Reads the arguments of a verb. It loads on any Node with nothing installed, so that a mistake is told before the
 * set-up begins.
 */
import { parseArgs } from "node:util";

/** A mistake of the person at the keyboard. Her answer is the message, the usage of the verb, and exit code 2. */
export class UsageError extends Error {
  name = "UsageError";
}

const isHelp = (argument) => argument === "--help" || argument === "-h";

/** Whether a person asks how the verb is used. After `--` everything is an argument of the verb. */
export function asksForHelp(args) {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some(isHelp);
}

/** What `--help` answers. */
export function helpOf({ usage, about, options = {} }) {
  const rows = Object.entries(options).map(([name, { takes, about }]) => [
    takes === undefined ? `--${name}` : `--${name} <${takes}>`,
    about,
  ]);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  return [about, `Usage: ${usage}`, ...lines].join("\n");
}

/**
 * @param {import("./verbs.mjs").Verb} verb
 * @param {readonly string[]} args
 */
export function readArguments(verb, args) {
  const options = verb.options ?? {};
  const { tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { takes }]) => [
        name,
        { type: takes === undefined ? "boolean" : "string" },
      ]),
    ),
  });
  const read = {
    all: args,
    values: new Map(),
    flags: new Set(),
    positionals: [],
  };
  for (const token of tokens) {
    if (token.kind === "positional") read.positionals.push(token.value);
    if (token.kind === "option") takeOption(verb, options, token, read);
  }
  checkPositionals(verb, read.positionals);
  const mistake = verb.mistake?.(read);
  if (mistake !== undefined) throw new UsageError(mistake);
  return read;
}

function takeOption(verb, options, { name, rawName, value }, read) {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined || rawName !== `--${name}`)
    throw new UsageError(unknownOption(rawName, verb));
  if (read.flags.has(name) || read.values.has(name))
    throw new UsageError(`${rawName} is given twice: write it once.`);
  if (option.takes === undefined) {
    if (value !== undefined)
      throw new UsageError(`${rawName} takes no value: write ${rawName}.`);
    read.flags.add(name);
    return;
  }
  if (value === undefined || value.startsWith("--"))
    throw new UsageError(
      `${rawName} needs a value: write ${rawName} <${option.takes}>.`,
    );
  if (option.from !== undefined && !isInteger(value, option))
    throw new UsageError(
      `${rawName}: '${value}' is no whole number from ${option.from} to ${option.to}.`,
    );
  read.values.set(name, value);
}

const isInteger = (text, { from, to = Number.MAX_SAFE_INTEGER }) =>
  /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to;

function unknownOption(rawName, { options = {}, takes = [] }) {
  const known = Object.entries(options).map(([name, { takes }]) =>
    takes === undefined ? `--${name}` : `--${name} <${takes}>`,
  );
  const choice =
    known.length === 0
      ? "There are no options here."
      : `There ${known.length === 1 ? "is" : "are"}: ${known.join(", ")}.`;
  const hint =
    takes.length === 0
      ? ""
      : " An argument that begins with a hyphen is written after a --.";
  return `There is no option '${rawName}'. ${choice}${hint}`;
}

function checkPositionals({ takes = [] }, positionals) {
  const last = takes.at(-1);
  const most = last?.isRepeated === true ? Infinity : takes.length;
  if (positionals.length > most) {
    const rest = positionals.slice(most).map((text) => `'${text}'`);
    throw new UsageError(`There is no use for ${rest.join(" ")} here.`);
  }
  const missing = takes[positionals.length];
  if (missing !== undefined && missing.isOptional !== true)
    throw new UsageError(
      `Write ${missing.what}.${choiceOf((missing.oneOf ?? missing.known)?.())}`,
    );
  for (const [index, value] of positionals.entries())
    checkPositional(takes[index] ?? last, value);
}

function checkPositional(
  { what, oneOf, part = (text) => text, ...range },
  value,
) {
  const choices = oneOf?.();
  if (choices !== undefined && !choices.includes(part(value)))
    throw new UsageError(`'${value}' is not ${what}.${choiceOf(choices)}`);
  if (range.from !== undefined && !isInteger(value, range))
    throw new UsageError(
      `'${value}' is not ${what}: write a whole number from ${range.from} on.`,
    );
}

const choiceOf = (choices) =>
  choices === undefined
    ? ""
    : ` There ${choices.length === 1 ? "is" : "are"}: ${choices.join(", ")}.`;
