// kms: keys, their states and what is done under them; one file per family of operations.
// This file: whole messages in the AWS Encryption SDK's format, under KMS keys of the vault.

import { buildClient, describeMessage, prepareSigningKey, suites } from '../encryption-sdk/index.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Sender } from '../protocol/outputs.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import type { Input } from '../protocol/schemas.ts'
import { madeAt, madeAtKeys } from '../protocol/sites.ts'
import { findKey } from './access.ts'
import { arnOf } from './keys.ts'
import { notInPieces, readable, whyNotDecrypted, whyNotEncrypted } from './messageErrors.ts'
import { openingKeyring, sealingKeyring } from './messageKeyrings.ts'

const mostDataKeys = 64
const client = buildClient({ maxEncryptedDataKeys: mostDataKeys })
const suiteIds = { '0478': 0x0478, '0578': 0x0578 } as const

/** What a message is made with, whoever makes its body. */
async function request(
  context: Context,
  input: Omit<Input<'keyhearth:EncryptMessage'>, 'Plaintext'>,
) {
  const { principal } = context
  const { KeyId, keyring } = await sealingKeyring(context, input)
  const given = input.EncryptionContext ?? {}
  const suiteId = suiteIds[input.AlgorithmSuite ?? '0578']
  const { signature } = suites[suiteId]
  if (signature) context.afterCommit(() => prepareSigningKey(signature))
  const options = {
    encryptionContext: principal.kind === 'page' ? withSite(given, principal) : given,
    suiteId,
    ...(input.FrameLength === undefined ? {} : { frameLength: input.FrameLength }),
  }
  return { KeyId, keyring, options }
}

export const encryptMessage: Handler<'keyhearth:EncryptMessage'> = async (context, input) => {
  const { KeyId, keyring, options } = await request(context, input)
  try {
    const { result } = await client.encrypt(keyring, input.Plaintext, options)
    return { Message: result, KeyId }
  } catch (error) {
    throw whyNotEncrypted(error)
  }
}

/** The bulk lane (design section 4): the caller makes the body, with the keys of this one message. */
export const startMessage: Handler<'keyhearth:StartMessage'> = async (context, input) => {
  const { KeyId, keyring, options } = await request(context, input)
  const { Recipient, PlaintextLength: plaintextLength } = input
  try {
    const start = await client.startFor(keyring, Recipient, { ...options, plaintextLength })
    return { Header: start.header, MessageKey: start.handover, KeyId }
  } catch (error) {
    throw notInPieces(error, whyNotEncrypted)
  }
}

/** @throws KeyhearthError `invalid-input` where a page claims another site than its own */
function withSite(given: Readonly<Record<string, string>>, page: PagePrincipal) {
  const own = madeAt(page)
  for (const key of Object.values(madeAtKeys)) {
    if (Object.hasOwn(given, key) && given[key] !== own[key]) {
      throw new KeyhearthError('invalid-input', { what: `${key} is set by Keyhearth` })
    }
  }
  return { ...given, ...own }
}

/** What a message says it is bound to; proven once it is decrypted. @throws KeyhearthError as `decryptMessage` */
export const contextIn = (message: Uint8Array): Readonly<Record<string, string>> => ({
  ...readable(() => describeMessage(message)).encryptionContext,
})

export const decryptMessage: Handler<'keyhearth:DecryptMessage'> = async (context, input) => {
  const { keyArns, keyring, sender } = await openingKeyring(context, input.Message)
  try {
    const demanded = input.EncryptionContext ?? {}
    const options = { encryptionContext: demanded }
    const { plaintext, messageHeader } = await client.decrypt(keyring, input.Message, options)
    const { encryptionContext } = messageHeader
    return {
      Plaintext: plaintext,
      EncryptionContext: { ...encryptionContext },
      KeyId: await usedKey(context, keyArns),
      ...(await senderMember(sender)),
    }
  } catch (error) {
    throw whyNotDecrypted(context, error, keyArns)
  }
}

/** The same for a message whose body the caller opens: only its header comes here. */
export const openMessage: Handler<'keyhearth:OpenMessage'> = async (context, input) => {
  const { Recipient, Header, EncryptionContext: encryptionContext = {} } = input
  const { keyArns, keyring, sender } = await openingKeyring(context, Header)
  try {
    const opening = await client.openFor(keyring, Recipient, Header, { encryptionContext })
    return {
      MessageKey: opening.handover,
      EncryptionContext: { ...opening.messageHeader.encryptionContext },
      KeyId: await usedKey(context, keyArns),
      ...(await senderMember(sender)),
    }
  } catch (error) {
    throw notInPieces(error, (one) => whyNotDecrypted(context, one, keyArns))
  }
}

async function senderMember(sender: () => Promise<Sender | null>): Promise<{ Sender?: Sender }> {
  const found = await sender()
  return found ? { Sender: found } : {}
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
