/** The form of what packaging writes. `local` may not import `src`: it takes the schema from here. */
export {
  provision as provisionFile,
  type Provision as ProvisionFile,
} from "../../src/domain/schemas/provision.ts";
