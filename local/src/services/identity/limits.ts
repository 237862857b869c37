/** The only version of the App Service managed identity protocol. Source: learn.microsoft.com/azure/app-service/overview-managed-identity, "REST endpoint reference". */
export const API_VERSION = "2019-08-01";
