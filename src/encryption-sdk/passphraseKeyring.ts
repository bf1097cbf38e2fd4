// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: messages under a passphrase (docs/passphrase-messages.md): a raw AES keyring whose key is Argon2id
// (RFC 9106) of the passphrase, with salt and parameters in the message's encryption context.

import { argon2id } from 'hash-wasm'
import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64, encodeUtf8 } from '../codec/text.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { Keyring } from './materials.ts'
import { rawAesKeyring } from './rawAesKeyring.ts'

/** As the message names the key. */
export const passphraseKeyName = { keyNamespace: 'keyhearth', keyName: 'passphrase' } as const

const parametersName = 'keyhearth:argon2id'
const saltName = 'keyhearth:salt'
const saltBytes = 16
const keyBytes = 32

interface Parameters {
  readonly memoryKib: number
  readonly iterations: number
  readonly parallelism: number
}

/** RFC 9106 section 4, second recommended option, at one lane: WebAssembly has one thread. */
const now: Parameters = { memoryKib: 65536, iterations: 3, parallelism: 1 }

/** No less than OWASP asks for, and no more than a browser can bear: the message comes from anybody. */
const isBearable = ({ memoryKib, iterations, parallelism }: Parameters): boolean =>
  memoryKib >= 19_456 &&
  memoryKib <= 262_144 &&
  iterations >= 1 &&
  iterations <= 10 &&
  memoryKib * iterations <= 1_048_576 &&
  parallelism >= 1 &&
  parallelism <= 4

/** The pairs a new message under a passphrase must carry; they are authenticated with it. */
export function passphraseContext(): EncryptionContext {
  const { memoryKib, iterations, parallelism } = now
  return {
    [parametersName]: `m=${memoryKib},t=${iterations},p=${parallelism}`,
    [saltName]: encodeBase64(crypto.getRandomValues(new Uint8Array(saltBytes))),
  }
}

/**
 * Opens, and makes, messages whose context has those pairs. A wrong passphrase is `no-key`.
 * @throws EncryptionSdkError `unsupported` at use, before anything is computed, where the message asks for too
 *   little or too much of it
 */
export function passphraseKeyring(passphrase: string): Keyring {
  const keyringFor = async (context: EncryptionContext) =>
    rawAesKeyring({ ...passphraseKeyName, wrappingKey: await wrappingKey(passphrase, context) })
  return {
    onEncrypt: async (materials) =>
      (await keyringFor(materials.encryptionContext)).onEncrypt(materials),
    onDecrypt: async (materials, encryptedDataKeys) =>
      (await keyringFor(materials.encryptionContext)).onDecrypt(materials, encryptedDataKeys),
  }
}

async function wrappingKey(passphrase: string, context: EncryptionContext): Promise<CryptoKey> {
  const { memoryKib, iterations, parallelism } = parametersIn(context)
  const key = new Uint8Array(
    await argon2id({
      // As typed on any keyboard.
      password: encodeUtf8(passphrase.normalize('NFKC')),
      salt: saltIn(context),
      memorySize: memoryKib,
      iterations,
      parallelism,
      hashLength: keyBytes,
      outputType: 'binary',
    }),
  )
  const extractable = false
  try {
    return await crypto.subtle.importKey('raw', key, 'AES-GCM', extractable, ['encrypt', 'decrypt'])
  } finally {
    key.fill(0)
  }
}

const unfit = () =>
  new EncryptionSdkError('unsupported', 'This message asks for another way from passphrase to key.')

function parametersIn(context: EncryptionContext): Parameters {
  const text = Object.hasOwn(context, parametersName) ? context[parametersName] : undefined
  const match = /^m=([1-9]\d{0,6}),t=([1-9]\d{0,1}),p=([1-9])$/.exec(text ?? '')
  if (!match) throw unfit()
  const [, memoryKib, iterations, parallelism] = match.map(Number)
  const parameters = {
    memoryKib: memoryKib ?? 0,
    iterations: iterations ?? 0,
    parallelism: parallelism ?? 0,
  }
  if (!isBearable(parameters)) throw unfit()
  return parameters
}

function saltIn(context: EncryptionContext): Bytes {
  const text = Object.hasOwn(context, saltName) ? (context[saltName] ?? '') : ''
  const salt = /^[A-Za-z0-9+/]{22}==$/.test(text) ? decodeBase64(text) : null
  if (salt?.byteLength !== saltBytes) throw unfit()
  return salt
}
