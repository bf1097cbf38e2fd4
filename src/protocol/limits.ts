// protocol: the contract every context speaks. This file: limits that both sides count by.

/** Of a file kept with a secret. */
export const attachmentMaxBytes = 64 * 1024 * 1024
/** Of one secret. */
export const mostFiles = 50
/** What a file is sent and kept in. */
export const attachmentPartBytes = 1024 * 1024

/** Of a document that a page has signed: it crosses to the person's window whole. */
export const documentMaxBytes = 32 * 1024 * 1024
export const certificateMaxBytes = 64 * 1024

/** Earlier values of an item that an import brings along. */
export const mostOlder = 20

/** Of what the security module encrypts, decrypts or hashes in one call. */
export const hsmMaxBytes = 64 * 1024

/** Of a backup, in one message between a window and the background. */
export const backupPartMaxBytes = 1 << 20
