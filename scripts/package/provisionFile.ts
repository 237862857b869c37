/** What packaging writes for Bicep and the laptop, which imports nothing of the app. */
export {
  provision as provisionFile,
  type Provision as ProvisionFile,
} from "../../src/domain/schemas/provision.ts";
