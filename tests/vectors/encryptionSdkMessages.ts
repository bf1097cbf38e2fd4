// AWS's own messages that can be opened without a network, with what opens them. Their data keys are
// unwrapped by Node's cryptography, apart from our own keyrings, which have tests of their own.

import { constants, createDecipheriv, privateDecrypt } from 'node:crypto'
import type { Bytes } from '../../src/codec/bytes.ts'
import { decodeBase64, decodeUtf8 } from '../../src/codec/text.ts'
import { serialiseContext } from '../../src/encryption-sdk/encryptionContext.ts'
import type { Cmm, EncryptedDataKey, EncryptionContext } from '../../src/encryption-sdk/index.ts'
import { readVector, readVectorJson } from './folder.ts'
import { reproducingCmm } from './reproducingCmm.ts'

export interface TestMessage {
  readonly name: string
  /** Four hex digits, as the collection names it. */
  readonly suite: string
  readonly message: Bytes
  readonly plaintext: Bytes
  readonly encryptionContext: EncryptionContext
  readonly cmm: Cmm
}

/** One data key in clear, or `null` where it is under another key. */
type Unwrap = (dataKey: EncryptedDataKey, context: EncryptionContext) => Bytes | null

/** `null` where the key is another, or the context. */
function opened(unwrap: () => Bytes | null): Bytes | null {
  try {
    return unwrap()
  } catch {
    return null
  }
}

const cmmOf = (unwrap: Unwrap): Cmm =>
  reproducingCmm(async (materials, dataKeys) => {
    const { encryptionContext } = materials
    const found = dataKeys.map((dataKey) => opened(() => unwrap(dataKey, encryptionContext)))
    return { ...materials, plaintextDataKey: found.find((key) => key !== null) ?? null }
  })

function unwrapAes(key: Bytes, { providerInfo, ciphertext }: EncryptedDataKey, aad: Bytes): Bytes {
  const algorithm = `aes-${key.byteLength * 8}-gcm` as 'aes-256-gcm'
  const decipher = createDecipheriv(algorithm, key, providerInfo.subarray(-12))
  decipher.setAAD(aad).setAuthTag(ciphertext.subarray(-16))
  const parts = [decipher.update(ciphertext.subarray(0, -16)), decipher.final()]
  return new Uint8Array(Buffer.concat(parts))
}

function unwrapRsa(key: string, oaepHash: string | null, ciphertext: Bytes): Bytes {
  const padding = oaepHash ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_PKCS1_PADDING
  const options = { key, padding, ...(oaepHash ? { oaepHash } : {}) }
  return new Uint8Array(privateDecrypt(options, ciphertext))
}

interface MasterKey {
  readonly type: string
  readonly key: string
  readonly 'encryption-algorithm'?: string
  readonly 'padding-hash'?: string
}

interface NetVector {
  readonly ciphertext: string
  readonly 'master-keys': readonly MasterKey[]
  readonly 'encryption-context': Record<string, string>
  readonly result: { readonly output?: { readonly plaintext: string } }
}

interface NetKeys {
  readonly keys: Record<string, { readonly material?: string }>
}

function netUnwrap(folder: string, masterKeys: readonly MasterKey[]): Unwrap {
  const { keys } = readVectorJson<NetKeys>(`${folder}/keys.json`)
  return (dataKey, context) => {
    const name = decodeUtf8(dataKey.providerInfo.filter((byte) => byte < 0x80 && byte >= 0x20))
    const master = masterKeys.find(({ key }) => name.startsWith(key) && !key.endsWith('-public'))
    const material = master && keys[master.key]?.material
    if (!material) return null
    return master['encryption-algorithm'] === 'aes'
      ? unwrapAes(decodeBase64(material), dataKey, serialiseContext(context))
      : unwrapRsa(material, master['padding-hash'] ?? null, dataKey.ciphertext)
  }
}

/** Messages of AWS's .NET library; none that only a key in AWS KMS opens. */
export function readNetMessages(folder: string): TestMessage[] {
  const { tests } = readVectorJson<{ tests: Record<string, NetVector> }>(`${folder}/manifest.json`)
  const offline = Object.entries(tests).filter(([, vector]) =>
    vector['master-keys'].some(({ type }) => type === 'raw'),
  )
  const read = (uri: string) => readVector(`${folder}/${uri.replace('file://', '')}`)
  return offline.map(([name, vector]) => ({
    name,
    suite: name.slice(0, 4),
    message: read(vector.ciphertext),
    plaintext: read(vector.result.output?.plaintext ?? 'plaintexts/small'),
    encryptionContext: vector['encryption-context'],
    cmm: cmmOf(netUnwrap(folder, vector['master-keys'])),
  }))
}

interface OldManifest {
  readonly test_cases: readonly {
    readonly algorithm: string
    readonly plaintext: { readonly filename: string }
    readonly ciphertext: { readonly filename: string }
  }[]
  readonly test_keys: {
    readonly AES: Record<string, { readonly key: readonly string[] }>
    readonly RSA: Record<
      string,
      { readonly key: readonly string[]; readonly line_separator: string }
    >
  }
}

function oldUnwrap({ AES, RSA }: OldManifest['test_keys']): Unwrap {
  return ({ providerId, ...dataKey }, context) => {
    if (providerId !== 'static-aws-xcompat') return null
    const info = String.fromCharCode(...dataKey.providerInfo)
    const [algorithm = '', bits = '', , hash = ''] = info.split('.')
    if (algorithm === 'AES') {
      const key = decodeBase64(AES[bits]?.key.join('') ?? '')
      return unwrapAes(key, { providerId, ...dataKey }, serialiseContext(context))
    }
    const pem = RSA[bits]?.key.join(RSA[bits]?.line_separator) ?? ''
    return unwrapRsa(pem, hash.replace('-', '').toLowerCase() || null, dataKey.ciphertext)
  }
}

/** Messages of format 1 by AWS's Java and Python libraries. */
export function readOldMessages(folder: string): TestMessage[] {
  const manifest = readVectorJson<OldManifest>(`${folder}/ciphertext.manifest.json`)
  const cmm = cmmOf(oldUnwrap(manifest.test_keys))
  return manifest.test_cases.map(({ algorithm, plaintext, ciphertext }) => ({
    name: ciphertext.filename,
    suite: algorithm.toLowerCase(),
    message: readVector(`${folder}/${ciphertext.filename}`),
    plaintext: readVector(`${folder}/${plaintext.filename}`),
    encryptionContext: {},
    cmm,
  }))
}
