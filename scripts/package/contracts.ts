import { spawnSync } from "node:child_process";
import { venvPython } from "../setup/paths.mjs";
import type { Mistake } from "./mistakes.ts";
import type { PipelineFolder } from "./readPipeline.ts";

interface Answer {
  readonly mistakes: readonly {
    contract: number;
    path: readonly string[];
    message: string;
    instead: string;
  }[];
}

/** Contracts are checked by the reader of the job, too: what it would refuse in a batch is a mistake here. */
export function checkContracts(folders: readonly PipelineFolder[]): Mistake[] {
  // Two sources may have one contract.
  const byFile = new Map(
    folders
      .flatMap(({ contracts }) => [...contracts.values()])
      .map((contract) => [contract.source.file, contract]),
  );
  const contracts = [...byFile.values()];
  if (contracts.length === 0) return [];
  const { status, stdout, stderr } = spawnSync(
    venvPython,
    ["-m", "assay_jobs.check_contracts"],
    {
      input: JSON.stringify({
        contracts: contracts.map(({ document }) => document),
      }),
      encoding: "utf8",
    },
  );
  if (status !== 0)
    throw new Error(`The contracts could not be checked:\n${stderr}`);
  const { mistakes } = JSON.parse(stdout) as Answer;
  return mistakes.flatMap(({ contract, path, message, instead }) => {
    const source = contracts[contract]?.source;
    if (source === undefined) return [];
    const where = path.length === 0 ? "the file" : path.join(".");
    return {
      file: source.file,
      line: source.lineOf(path),
      message: [`${where}: ${message}`, instead]
        .filter((part) => part !== "")
        .join(": "),
    };
  });
}
