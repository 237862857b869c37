import { type Path, isObject } from "../bundle/source.ts";
import { isText, text, unknownKeys } from "./reading.ts";
import type { Report, WheelTask } from "./settings.ts";

export function checkWheel(value: unknown, task: Path, tell: Report): WheelTask {
  const at = [...task, "python_wheel_task"];
  if (!isObject(value)) {
    tell(at, "The task needs a python_wheel_task.");
    return { package_name: "", entry_point: "" };
  }
  unknownKeys(
    value,
    at,
    ["package_name", "entry_point", "parameters", "named_parameters"],
    "wheel task",
    tell,
  );
  const wheel = {
    package_name: text(value, "package_name", at, tell) ?? "",
    entry_point: text(value, "entry_point", at, tell) ?? "",
  };
  if (!wheel.package_name || !wheel.entry_point)
    tell(at, "python_wheel_task needs package_name and entry_point.");
  const { parameters, named_parameters: named } = value;
  if (parameters !== undefined && named !== undefined)
    tell(at, "Only one of parameters and named_parameters can be given.");
  if (named !== undefined) {
    if (isObject(named) && Object.values(named).every(isText))
      return { ...wheel, named_parameters: named as Record<string, string> };
    tell([...at, "named_parameters"], "named_parameters maps names to texts.");
  }
  if (parameters !== undefined) {
    if (Array.isArray(parameters) && parameters.every(isText))
      return { ...wheel, parameters: parameters };
    tell([...at, "parameters"], "parameters is a list of texts.");
  }
  return wheel;
}

