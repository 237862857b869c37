import { Refusal } from "../../shared/answer.ts";

/**
 * Every refusal: status, the code in `x-ms-error-code`, the message. Codes and statuses are those of
 * learn.microsoft.com/rest/api/storageservices (blob, queue and Data Lake Storage Gen2 error codes).
 */
const errors = {
  // Who asks
  noAuthentication: error(
    401,
    "NoAuthenticationInformation",
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  ),
  invalidToken: error(
    401,
    "InvalidAuthenticationInfo",
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  ),
  authenticationFailed: error(
    403,
    "AuthenticationFailed",
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
  ),

  // What is asked
  invalidUri: error(
    400,
    "InvalidUri",
    "The requested URI does not represent any resource on the server.",
  ),
  invalidResourceName: error(
    400,
    "InvalidResourceName",
    "The specified resource name contains invalid characters.",
  ),
  outOfRangeName: error(
    400,
    "OutOfRangeInput",
    "The specified resource name length is not within the permissible limits.",
  ),
  invalidHeader: error(
    400,
    "InvalidHeaderValue",
    "The value for one of the HTTP headers is not in the correct format.",
  ),
  missingHeader: error(
    400,
    "MissingRequiredHeader",
    "An HTTP header that's mandatory for this request is not specified.",
  ),
  missingLength: error(
    411,
    "MissingContentLengthHeader",
    "The Content-Length header was not specified.",
  ),
  invalidQuery: error(
    400,
    "InvalidQueryParameterValue",
    "Value for one of the query parameters specified in the request URI is invalid.",
  ),
  outOfRangeQuery: error(
    400,
    "OutOfRangeQueryParameterValue",
    "One of the query parameters specified in the request URI is outside the permissible range.",
  ),
  missingQuery: error(
    400,
    "MissingRequiredQueryParameter",
    "A query parameter that's mandatory for this request is not specified.",
  ),
  invalidXml: error(
    400,
    "InvalidXmlDocument",
    "The specified XML is not syntactically valid.",
  ),
  invalidMd5: error(
    400,
    "InvalidMd5",
    "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64-encoded.",
  ),
  md5Mismatch: error(
    400,
    "Md5Mismatch",
    "The MD5 value specified in the request did not match the MD5 value calculated by the server.",
  ),
  invalidMetadata: error(
    400,
    "InvalidMetadata",
    "The specified metadata is invalid. It includes characters that are not permitted.",
  ),
  metadataTooLarge: error(
    400,
    "MetadataTooLarge",
    "The size of the specified metadata exceeds the maximum size permitted.",
  ),
  bodyTooLarge: error(
    413,
    "RequestBodyTooLarge",
    "The request body is too large and exceeds the maximum permissible limit.",
  ),
  notSupported: error(
    501,
    "NotImplemented",
    "The local lake does not support this.",
  ),

  // Blobs and containers
  containerNotFound: error(
    404,
    "ContainerNotFound",
    "The specified container does not exist.",
  ),
  containerExists: error(
    409,
    "ContainerAlreadyExists",
    "The specified container already exists.",
  ),
  blobNotFound: error(
    404,
    "BlobNotFound",
    "The specified blob does not exist.",
  ),
  blobExists: error(
    409,
    "BlobAlreadyExists",
    "The specified blob already exists.",
  ),
  resourceTypeMismatch: error(
    409,
    "ResourceTypeMismatch",
    "The specified resource type does not match the type of the existing resource.",
  ),
  directoryIsNotEmpty: error(
    409,
    "DirectoryIsNotEmpty",
    "This operation is not permitted on a non-empty directory.",
  ),
  conditionNotMet: error(
    412,
    "ConditionNotMet",
    "The condition specified using HTTP conditional header(s) is not met.",
  ),
  notModified: error(
    304,
    "ConditionNotMet",
    "The condition specified using HTTP conditional header(s) is not met.",
  ),
  leaseNotPresent: error(
    412,
    "LeaseNotPresentWithBlobOperation",
    "There is currently no lease on the blob.",
  ),
  invalidRange: error(
    416,
    "InvalidRange",
    "The range specified is invalid for the current size of the resource.",
  ),
  invalidBlockId: error(
    400,
    "InvalidBlobOrBlock",
    "The specified blob or block content is invalid.",
  ),
  invalidBlockList: error(
    400,
    "InvalidBlockList",
    "The specified block list is invalid.",
  ),
  blockListTooLong: error(
    400,
    "BlockListTooLong",
    "The block list may not contain more than 50,000 blocks.",
  ),

  // Paths (Data Lake Storage)
  filesystemNotFound: error(
    404,
    "FilesystemNotFound",
    "The specified filesystem does not exist.",
  ),
  filesystemExists: error(
    409,
    "FilesystemAlreadyExists",
    "The specified filesystem already exists.",
  ),
  pathNotFound: error(
    404,
    "PathNotFound",
    "The specified path does not exist.",
  ),
  pathExists: error(
    409,
    "PathAlreadyExists",
    "The specified path already exists.",
  ),
  pathConflict: error(
    409,
    "PathConflict",
    "The specified path, or an element of the path, exists and its resource type is invalid for this operation.",
  ),
  directoryNotEmpty: error(
    409,
    "DirectoryNotEmpty",
    "The recursive query parameter value must be true to delete a non-empty directory.",
  ),
  sourcePathNotFound: error(
    404,
    "SourcePathNotFound",
    "The source path for a rename operation does not exist.",
  ),
  sourceConditionNotMet: error(
    412,
    "SourceConditionNotMet",
    "The source condition specified using HTTP conditional header(s) is not met.",
  ),
  renameParentNotFound: error(
    404,
    "RenameDestinationParentPathNotFound",
    "The parent directory of the destination path does not exist.",
  ),
  invalidRenameSource: error(
    409,
    "InvalidRenameSourcePath",
    "The source directory cannot be the same as the destination directory, nor can the destination be a subdirectory of the source directory.",
  ),
  resourceTypeConflict: error(
    409,
    "InvalidSourceOrDestinationResourceType",
    "The source and destination resource type must be identical.",
  ),
  invalidSourceUri: error(
    400,
    "InvalidSourceUri",
    "The source URI is invalid.",
  ),
  invalidFlushPosition: error(
    400,
    "InvalidFlushPosition",
    "The uploaded data is not contiguous or the position query parameter value is not equal to the length of the file after appending the uploaded data.",
  ),

  // Queues
  queueNotFound: error(
    404,
    "QueueNotFound",
    "The specified queue does not exist.",
  ),
  queueExists: error(
    409,
    "QueueAlreadyExists",
    "The specified queue already exists.",
  ),
  messageNotFound: error(
    404,
    "MessageNotFound",
    "The specified message does not exist.",
  ),
  popReceiptMismatch: error(
    400,
    "PopReceiptMismatch",
    "The specified pop receipt did not match the pop receipt for a dequeued message.",
  ),
  messageTooLarge: error(
    400,
    "RequestBodyTooLarge",
    "The request body is too large and exceeds the maximum permissible limit.",
  ),

  internal: error(
    500,
    "InternalError",
    "The server encountered an internal error. Please retry the request.",
  ),
} as const;

export type ErrorName = keyof typeof errors;

interface ErrorEntry {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

function error(status: number, code: string, message: string): ErrorEntry {
  return { status, code, message };
}

/** The same refusal as the DFS protocol names it. */
const asDfs: Partial<Record<ErrorName, ErrorName>> = {
  containerNotFound: "filesystemNotFound",
  containerExists: "filesystemExists",
  blobNotFound: "pathNotFound",
  blobExists: "pathExists",
  resourceTypeMismatch: "pathConflict",
  directoryIsNotEmpty: "directoryNotEmpty",
};

export class StorageError extends Refusal {
  readonly status: number;
  readonly code: string;
  readonly #name: ErrorName;
  readonly #detail: string | undefined;

  constructor(name: ErrorName, detail?: string) {
    const { status, code, message } = errors[name];
    super(detail === undefined ? message : `${message} ${detail}`);
    this.name = "StorageError";
    this.status = status;
    this.code = code;
    this.#name = name;
    this.#detail = detail;
  }

  asDfs(): StorageError {
    return new StorageError(asDfs[this.#name] ?? this.#name, this.#detail);
  }
}

/** `detail` names the header, parameter or rule that was broken. */
export function fail(name: ErrorName, detail?: string): never {
  throw new StorageError(name, detail);
}
