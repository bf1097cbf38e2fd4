// protocol: the contract every context speaks. This file: what can go wrong, as one closed table.
//
// A row is a `reason`. It fixes the AWS exception name (`code`) callers program against and an English
// sentence that tells the person or developer what to do. The screens carry their own words per reason
// (locales/en.json, `error_<reason>`); a test holds the two tables together.

import { fill, pageErrors } from './pageErrors.ts'

const table = {
  ...pageErrors,

  // The vault
  'vault-missing': ['NotFoundException', 'There is no vault yet. Open Keyhearth and create one.'],
  'vault-exists': ['AlreadyExistsException', 'A vault already exists in this browser.'],
  'vault-locked': ['KMSInvalidStateException', 'Keyhearth is locked. Unlock it and try again.'],
  'vault-damaged': [
    'KMSInvalidStateException',
    'The device key of this vault is missing or damaged. Open Keyhearth and use your recovery key.',
  ],
  'wrong-passphrase': ['AccessDeniedException', 'That passphrase does not open this vault.'],
  'wrong-message-passphrase': [
    'AccessDeniedException',
    'That passphrase does not open this message.',
  ],
  'wrong-recovery-key': [
    'AccessDeniedException',
    'That recovery key does not open this vault. Check each word and their order.',
  ],
  'recovery-words-malformed': [
    'ValidationException',
    'A recovery key has 24 words from the list. Check for a missing or misspelled word.',
  ],
  'recovery-words-differ': [
    'ValidationException',
    'Those are not the words of your recovery key. Check the numbers beside them.',
  ],
  'share-malformed': [
    'ValidationException',
    'A share has 33 words from the list. Check for a missing or misspelled word.',
  ],
  'share-of-other-kind': [
    'ValidationException',
    'This share is for another purpose: shares of recovery recover, shares of approval approve.',
  ],
  'shares-mixed': [
    'ValidationException',
    'These shares are of different sets. The sheets of one set carry the same set number.',
  ],
  'shares-repeated': ['ValidationException', 'One share was given twice. Each counts once.'],
  'shares-too-few': ['ValidationException', 'Shares still missing: {missing}.'],
  'wrong-shares': [
    'AccessDeniedException',
    'These shares do not open this vault. They may be of another vault, or of a set that was removed.',
  ],
  'wrong-passkey': [
    'AccessDeniedException',
    'This passkey does not open this vault. It may be of another browser, or was removed.',
  ],
  'quorum-needed': [
    'AccessDeniedException',
    'This needs the approval of several people. It waits in the manager for their shares; once they approve, do it again.',
  ],
  'quorum-not-by-page': [
    'AccessDeniedException',
    'The person chose that several people approve this. It is done in Keyhearth itself, not by a page.',
  ],
  'quorum-exists': [
    'AlreadyExistsException',
    'There are people who approve already. Remove that set before you make another.',
  ],
  'quorum-not-found': ['NotFoundException', 'Nothing here needs the approval of several people.'],
  'quorum-request-gone': [
    'NotFoundException',
    'This request is over: it expired, was declined or done, or the vault was locked. Ask again.',
  ],
  'quorum-approved-already': ['ConflictException', 'Enough people have approved this already.'],
  'quorum-busy': [
    'LimitExceededException',
    'Too many requests wait for approval. Decline some, or wait until they expire.',
  ],
  'quorum-other-set': [
    'AccessDeniedException',
    'This share is of another set. The sheets that approve here carry set {set}.',
  ],
  'quorum-wrong-shares': [
    'AccessDeniedException',
    'These shares do not make the secret of their set: one of them is forged. All were dropped; begin again.',
  ],
  'recovery-needed': [
    'KMSInvalidStateException',
    'Nothing could open a backup: this vault has no recovery key. Make one first.',
  ],
  'wrong-backup-passphrase': [
    'AccessDeniedException',
    'That passphrase does not open this backup, or it was made without one.',
  ],
  'backup-malformed': ['ValidationException', 'This is no backup of Keyhearth, or it was changed.'],
  'backup-cut-off': ['ValidationException', 'This backup is cut off: its end is missing.'],
  'backup-newer': [
    'ValidationException',
    'This backup was made by a newer Keyhearth. Update first.',
  ],
  'backup-of-other-vault': [
    'ValidationException',
    'This backup is of another vault. It can be restored where there is no vault yet.',
  ],
  'backup-disturbed': [
    'ConflictException',
    'While the backup was made, old events were removed or another backup took the place of the vault. Make it again.',
  ],
  'restore-needs-recovery': [
    'AccessDeniedException',
    'Several people guard this vault. It is replaced by what its present recovery key opens; or unlock it first, so that they can approve.',
  ],
  'backup-damaged': [
    'ValidationException',
    'Some records of this backup are damaged ({what}). Nothing was changed.',
  ],
  'backup-gone': ['InvalidRequestException', 'This is over. Begin again; nothing was changed.'],
  'passkey-not-asked': [
    'KMSInvalidStateException',
    'The passkey answered too late, or twice. Try again.',
  ],
  'passkey-silent': [
    'KMSInvalidStateException',
    'No passkey of this vault answered: it was cancelled, or there is none on this device.',
  ],
  'passkey-unsuitable': [
    'UnsupportedOperationException',
    'This passkey cannot make keys (WebAuthn PRF), or did not verify you. Use another one.',
  ],
  'slot-not-found': ['NotFoundException', 'There is no such way to open the vault any more.'],
  'slot-last-passphrase': [
    'KMSInvalidStateException',
    'This is the last passphrase. It is asked for again before some things are shown or exported: add another before you remove it.',
  ],
  'slot-last-to-recover': [
    'KMSInvalidStateException',
    'This is the last way to recover the vault without this device. Add another before you remove it.',
  ],
  'slot-none-proven': [
    'KMSInvalidStateException',
    'None of the other ways to recover the vault was proved yet. Prove that you can recover by one of them before you remove this one.',
  ],
  'slot-put-back': [
    'KMSInvalidStateException',
    'This way to open the vault was removed, and somebody put it back. It was not used. Open the vault another way.',
  ],
  'recovery-not-pending': [
    'KMSInvalidStateException',
    'No recovery key is waiting to be confirmed. Make a new one.',
  ],
  'too-many-attempts': [
    'ThrottlingException',
    'Too many wrong attempts. Wait {seconds} seconds, then try again.',
  ],
  'passphrase-too-short': ['ValidationException', 'Use at least 8 characters.'],
  'storage-full': [
    'LimitExceededException',
    'This could not be written to disk, which is probably full. Free some space and try again; nothing was changed.',
  ],
  'storage-newer': [
    'KMSInvalidStateException',
    'A newer Keyhearth wrote this vault. Update Keyhearth: nothing is lost.',
  ],
  'storage-unavailable': [
    'KMSInvalidStateException',
    'Keyhearth cannot reach its data: the disk may be full, or this is a private window or a browser that keeps no history.',
  ],
  'record-damaged': [
    'KMSInvalidStateException',
    'A stored record is damaged ({what}). It was not used. Restore it from a backup.',
  ],

  // Requests
  unsupported: ['UnsupportedOperationException', 'Keyhearth does not support this: {what}.'],
  'dry-run': ['DryRunOperationException', 'The request would have succeeded, but DryRun was set.'],
  'not-allowed': ['AccessDeniedException', 'You are not allowed to do this.'],
  'plaintext-withheld': [
    'AccessDeniedException',
    'The person granted this key without the plaintext. Show them the message as text: they read it with Keyhearth.',
  ],
  throttled: ['ThrottlingException', 'Too many requests. Wait a moment and try again.'],

  // Keys and ciphertext
  'key-not-found': ['NotFoundException', 'Key {keyId} does not exist'],
  'key-id-invalid': ['NotFoundException', 'Invalid keyId {keyId}'],
  'branch-key-not-found': ['NotFoundException', 'Branch key {branchKeyId} does not exist.'],
  'branch-key-exists': [
    'AlreadyExistsException',
    'A branch key with the id {branchKeyId} already exists.',
  ],
  'card-malformed': [
    'ValidationException',
    'This is no whole identity card, or it was changed. Ask for it again.',
  ],
  'person-known': ['AlreadyExistsException', 'You have {name} already.'],
  'person-not-found': ['NotFoundException', 'There is no such person any more.'],
  'certificate-malformed': ['ValidationException', 'This is no certificate that can be read.'],
  'certificate-of-other-key': [
    'ValidationException',
    'This certificate belongs to another key than {keyId}.',
  ],
  'certificate-not-found': ['NotFoundException', 'There is no such certificate any more.'],
  'document-gone': [
    'KMSInternalException',
    'The document is on its way again, since the browser stopped in between. Wait a moment.',
  ],
  'alias-not-found': ['NotFoundException', 'Alias {alias} is not found.'],
  'alias-exists': ['AlreadyExistsException', 'An alias with the name {alias} already exists'],
  'alias-invalid': ['InvalidAliasNameException', '{alias} is not a valid alias name: {what}.'],
  'alias-reserved': ['NotAuthorizedException', 'Names that begin with alias/aws/ are reserved.'],
  'key-disabled': ['DisabledException', '{keyId} is disabled.'],
  'key-invalid-state': ['KMSInvalidStateException', '{keyId} is {state}.'],
  'key-usage': [
    'InvalidKeyUsageException',
    '{keyId} key usage is {usage} which is not valid for {operation}.',
  ],
  'key-algorithm': [
    'InvalidKeyUsageException',
    'Algorithm {algorithm} and key spec {spec} are incompatible.',
  ],
  'key-not-exportable': [
    'UnsupportedOperationException',
    '{keyId} was made so that it never leaves the vault. That cannot be changed.',
  ],
  'key-unavailable': ['KeyUnavailableException', '{keyId} is not available. Try again later.'],
  'invalid-arn': ['InvalidArnException', 'Invalid arn {keyId}'],
  'invalid-marker': ['InvalidMarkerException', 'The marker is not one that was returned before.'],
  'limit-exceeded': ['LimitExceededException', '{what}.'],
  'tags-invalid': ['TagException', '{what}.'],
  'policy-not-found': ['NotFoundException', 'No such policy exists'],
  'policy-malformed': ['MalformedPolicyDocumentException', '{what}.'],
  'policy-lockout': [
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
  ],
  conflict: ['ConflictException', '{what}.'],
  'incorrect-key': [
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  ],
  'invalid-grant-token': ['InvalidGrantTokenException', 'The grant token is not valid.'],
  'invalid-grant-id': ['InvalidGrantIdException', 'The grant id is not valid.'],
  'grant-not-found': ['NotFoundException', 'Grant ID {grantId} not found'],
  'invalid-mac': ['KMSInvalidMacException', 'The MAC does not fit this message and key.'],
  'invalid-signature': [
    'KMSInvalidSignatureException',
    'The signature does not fit this message and key.',
  ],
  'invalid-import-token': ['InvalidImportTokenException', 'The import token is not valid.'],
  'expired-import-token': [
    'ExpiredImportTokenException',
    'The import token has expired. Get new parameters for import.',
  ],
  'incorrect-key-material': ['IncorrectKeyMaterialException', '{what}.'],
  'key-store-not-found': [
    'CustomKeyStoreNotFoundException',
    'There is no custom key store of that id or name.',
  ],
  'key-store-state': [
    'CustomKeyStoreInvalidStateException',
    'This device is always a connected key store; that cannot be changed.',
  ],
  'cluster-not-found': ['CloudHsmClusterNotFoundException', 'There is no cluster of that id.'],
  'cluster-in-use': [
    'CloudHsmClusterInUseException',
    'This device is already the key store of its cluster.',
  ],
  'region-exists': ['AlreadyExistsException', '{keyId} already exists in region {region}.'],
  'ciphertext-key-unknown': [
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  ],
  'message-key-missing': [
    'NotFoundException',
    'This message was made for key {keyId}, which is not in this vault.',
  ],
  'message-key-foreign': [
    'AccessDeniedException',
    'This message was made for a key that this page may not use.',
  ],
  'whole-message-only': [
    'UnsupportedOperationException',
    'A message of this kind, or under this key, is made and opened as a whole only: at most 16 MiB.',
  ],

  // Secrets
  'secret-not-found': ['ResourceNotFoundException', 'There is no secret of that name.'],
  'secret-exists': ['ResourceExistsException', 'A secret of that name exists already.'],
  'secret-deleted': [
    'InvalidRequestException',
    'This secret is marked for deletion. Restore it first.',
  ],
  'secret-invalid': ['InvalidParameterException', '{what}.'],
  'secret-request': ['InvalidRequestException', '{what}.'],
  'secret-next-token': [
    'InvalidNextTokenException',
    'The NextToken is not one that was returned before.',
  ],
  'secret-limit': ['LimitExceededException', '{what}.'],
  'secret-policy-malformed': ['MalformedPolicyDocumentException', '{what}.'],
  'secret-policy-public': [
    'PublicPolicyException',
    'The policy lets everybody in. Name accounts or web origins, or set BlockPublicPolicy to false.',
  ],
  'secret-encryption': [
    'EncryptionFailure',
    'The value could not be encrypted: its key is disabled, waits for deletion, or is gone.',
  ],
  'secret-decryption': [
    'DecryptionFailure',
    'The value could not be decrypted: its key is disabled, waits for deletion, or is gone.',
  ],
  'secret-changed': [
    'PreconditionNotMetException',
    'This was changed in another window meanwhile. Look at it again; nothing was overwritten.',
  ],
  'passphrase-needed': [
    'AccessDeniedException',
    'Show that it is you to see this: by your passphrase or your passkey.',
  ],
  'fill-elsewhere': [
    'AccessDeniedException',
    'This secret is not for the page in the tab, so it was not filled in.',
  ],
  'fill-no-field': [
    'InvalidRequestException',
    'There is no field in the page to fill. Click into the form and try again.',
  ],
  'attachment-gone': [
    'InvalidRequestException',
    'A file of this item is not kept here, or not all of it is. Add it again.',
  ],
  'import-gone': ['InvalidRequestException', 'This import is over. Begin again; nothing was kept.'],

  // The prompts
  'request-gone': [
    'NotFoundException',
    'This request is over: the page was closed or left, or it was answered already.',
  ],
} as const satisfies Record<string, readonly [code: string, message: string]>

export type ErrorReason = keyof typeof table
export type ErrorCode = (typeof table)[ErrorReason][0]
export type ErrorDetails = Readonly<Record<string, string>>

/** What crosses a message when an operation fails. Nothing else of an error ever does. */
export interface ErrorReply {
  readonly code: ErrorCode
  readonly reason: ErrorReason
  readonly message: string
  readonly details: ErrorDetails
}

export const errorReasons = Object.keys(table) as readonly ErrorReason[]

/** The table's own sentence: what details an error carried is left out, so that it can be kept. */
export const errorSentence = (reason: ErrorReason): string =>
  table[reason][1].replace(/\{\w+\}/g, '…')

/** The one error class of the house. `name` and `code` are the AWS exception name. */
export class KeyhearthError extends Error {
  readonly code: ErrorCode
  readonly reason: ErrorReason
  readonly details: ErrorDetails

  constructor(reason: ErrorReason, details: ErrorDetails = {}, options?: ErrorOptions) {
    const [code, template] = table[reason]
    super(fill(template, details), options)
    this.name = code
    this.code = code
    this.reason = reason
    this.details = details
  }
}

/** Any thrown value as a reply: known errors as they are, everything else as one opaque `internal`. */
export function toErrorReply(thrown: unknown): ErrorReply {
  const error = thrown instanceof KeyhearthError ? thrown : new KeyhearthError('internal')
  const { code, reason, message, details } = error
  return { code, reason, message, details }
}

/** A reply as an error again, on the other side of a message. */
export function fromErrorReply(reply: ErrorReply): KeyhearthError {
  const known = Object.hasOwn(table, reply.reason) ? reply.reason : 'internal'
  return new KeyhearthError(known, { ...reply.details })
}
