// kms: keys, their states and what is done under them; one file per family of operations.
// This file: whole messages in the AWS Encryption SDK's format, under KMS keys of the vault.

import {
  buildClient,
  DataKeyError,
  describeMessage,
  EncryptionSdkError,
  type KmsClient,
  kmsKeyring,
} from '../encryption-sdk/index.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { type ErrorReason, KeyhearthError } from '../protocol/errors.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import { findKey } from './access.ts'
import { generateDataKey } from './dataKeys.ts'
import { decrypt, encrypt } from './encryptDecrypt.ts'
import { arnOf } from './keys.ts'

/** Says where a page made a message; set by Keyhearth, never by the page. */
const originKey = 'keyhearth:origin'
const mostDataKeys = 64
/** kms:ViaService of what is done for a message. */
const viaMessages = 'keyhearth.browser-1.amazonaws.com'
const client = buildClient({ maxEncryptedDataKeys: mostDataKeys })
const suiteIds = { '0478': 0x0478, '0578': 0x0578 } as const

/** What the KMS keyring calls: the very operations, with the caller's own rights. */
function kmsFor(context: Context): KmsClient {
  const acting = { ...context, via: viaMessages }
  return {
    generateDataKey: (input) => generateDataKey(acting, input),
    encrypt: (input) => encrypt(acting, input),
    decrypt: (input) => decrypt(acting, input),
  }
}

export const encryptMessage: Handler<'keyhearth:EncryptMessage'> = async (context, input) => {
  const { principal } = context
  const alias = principal.kind === 'page' ? 'alias/site' : 'alias/personal'
  const key = await findKey(context, input.KeyId ?? alias)
  const keyring = kmsKeyring({ client: kmsFor(context), generatorKeyId: arnOf(key) })
  const given = input.EncryptionContext ?? {}
  const encryptionContext = principal.kind === 'page' ? withOrigin(given, principal) : given
  try {
    const { result } = await client.encrypt(keyring, input.Plaintext, {
      encryptionContext,
      suiteId: suiteIds[input.AlgorithmSuite ?? '0578'],
      ...(input.FrameLength === undefined ? {} : { frameLength: input.FrameLength }),
    })
    return { Message: result, KeyId: arnOf(key) }
  } catch (error) {
    throw whyNotEncrypted(error)
  }
}

/** @throws KeyhearthError `invalid-input` where a page claims another origin than its own */
function withOrigin(given: Readonly<Record<string, string>>, { origin }: PagePrincipal) {
  const claimed = Object.hasOwn(given, originKey) ? given[originKey] : origin
  if (claimed !== origin) {
    throw new KeyhearthError('invalid-input', { what: `${originKey} is set by Keyhearth` })
  }
  return { ...given, [originKey]: origin }
}

function whyNotEncrypted(error: unknown): unknown {
  if (!(error instanceof EncryptionSdkError)) return error
  return new KeyhearthError('invalid-input', { what: error.message }, { cause: error })
}

export const decryptMessage: Handler<'keyhearth:DecryptMessage'> = async (context, input) => {
  const keyArns = readable(() => describeMessage(input.Message).kmsKeyArns)
  const keyring = kmsKeyring({ client: kmsFor(context), discovery: true })
  try {
    const demanded = input.EncryptionContext ?? {}
    const options = { encryptionContext: demanded }
    const { plaintext, messageHeader } = await client.decrypt(keyring, input.Message, options)
    const { encryptionContext } = messageHeader
    return {
      Plaintext: plaintext,
      EncryptionContext: { ...encryptionContext },
      KeyId: await usedKey(context, keyArns),
    }
  } catch (error) {
    throw whyNotDecrypted(context, error, keyArns)
  }
}

/** The first named key the caller has: the one the keyring opened the message with. */
async function usedKey(context: Context, keyArns: readonly string[]): Promise<string> {
  for (const arn of keyArns) {
    try {
      return arnOf(await findKey(context, arn))
    } catch {
      // Another recipient's key.
    }
  }
  throw new KeyhearthError('internal')
}

function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof EncryptionSdkError ? inWords(error) : error
  }
}

const reasons: Readonly<Partial<Record<EncryptionSdkError['code'], ErrorReason>>> = {
  malformed: 'message-malformed',
  truncated: 'message-malformed',
  limit: 'message-malformed',
  authentication: 'invalid-ciphertext',
  commitment: 'invalid-ciphertext',
  signature: 'invalid-ciphertext',
}

function inWords(error: EncryptionSdkError): KeyhearthError {
  const options = { cause: error }
  switch (error.code) {
    case 'context':
      return new KeyhearthError(
        'message-context-mismatch',
        { key: error.contextKey ?? '' },
        options,
      )
    case 'unsupported': {
      const format = `an Encryption SDK message of a kind that Keyhearth cannot read (${error.message})`
      return new KeyhearthError('message-foreign-format', { format }, options)
    }
    default:
      return new KeyhearthError(reasons[error.code] ?? 'internal', {}, options)
  }
}

const missing: ReadonlySet<ErrorReason> = new Set(['key-not-found', 'ciphertext-key-unknown'])

function whyNotDecrypted(context: Context, error: unknown, keyArns: readonly string[]): unknown {
  if (!(error instanceof EncryptionSdkError)) return error
  if (error.code !== 'no-key') return inWords(error)
  const options = { cause: error }
  // A page learns only that no key of its own opens this, not whether the vault has one that would.
  if (context.principal.kind === 'page') {
    const own = keyArns.some((arn) => arn.includes(`:${context.account}:`))
    return new KeyhearthError(own ? 'invalid-ciphertext' : 'message-key-foreign', {}, options)
  }
  const whyNot = error.causes.map((one) => (one instanceof DataKeyError ? one.cause : one))
  const refusal = whyNot.find(
    (cause): cause is KeyhearthError =>
      cause instanceof KeyhearthError && !missing.has(cause.reason),
  )
  return (
    refusal ??
    new KeyhearthError(
      'message-key-missing',
      { keyId: keyArns.join(', ') || 'of another tool' },
      options,
    )
  )
}
