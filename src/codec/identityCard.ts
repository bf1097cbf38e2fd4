// codec: pure conversions between bytes and their written forms. This file: a person's public identity, to be
// given to others: a name and two public keys, as JSON of one spelling, in armour (docs/people.md).

import { armour, findArmoured } from './armour.ts'
import type { Bytes } from './bytes.ts'
import { canonicalJson } from './canonicalJson.ts'
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from './text.ts'

export interface Identity {
  readonly name: string
  /** SubjectPublicKeyInfo: messages to the person are under it (ECDH, P-256). */
  readonly agreementKey: Bytes
  /** SubjectPublicKeyInfo: what the person signs (ECDSA, P-256). */
  readonly signingKey: Bytes
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface IdentityCard extends Identity {
  /** By the signing key, in DER, over `signedContent`: the keys belong together and to the name. */
  readonly signature: Bytes
}

const format = 'keyhearth/identity-1'
const mostBytes = 4096
const longestName = 100
/** SubjectPublicKeyInfo of a point of P-256, uncompressed. */
const keyBytes = 91

const plain = ({ name, agreementKey, signingKey, createdAt }: Identity) => ({
  format,
  name,
  agreementKey: encodeBase64(agreementKey),
  signingKey: encodeBase64(signingKey),
  createdAt,
})

export const signedContent = (identity: Identity): Bytes =>
  encodeUtf8(canonicalJson(plain(identity)))

export const writeCard = (card: IdentityCard): string =>
  armour(
    encodeUtf8(canonicalJson({ ...plain(card), signature: encodeBase64(card.signature) })),
    'IDENTITY',
  )

/** Letters and marks of any script, but nothing that hides, or turns what stands around it. */
const isName = (name: string): boolean =>
  name !== '' &&
  name.length <= longestName &&
  name.trim() === name &&
  !/[\p{C}\p{Zl}\p{Zp}]/u.test(name)

/**
 * The one card in a text, however mail and pages left it. Whether its signature holds is not known yet.
 * @returns `null` where there is none, or several, or one that is not of this format
 */
export function readCard(text: string): IdentityCard | null {
  const [block, another] = findArmoured(text, { maxBytes: mostBytes, what: 'IDENTITY' })
  if (!block || another || !('bytes' in block)) return null
  try {
    return cardOf(JSON.parse(decodeUtf8(block.bytes)))
  } catch {
    return null
  }
}

function cardOf(value: Readonly<Record<string, unknown>>): IdentityCard | null {
  const { name, agreementKey, signingKey, createdAt, signature } = value
  if (value['format'] !== format || Object.keys(value).length !== 6) return null
  if (typeof name !== 'string' || !isName(name)) return null
  if (!Number.isSafeInteger(createdAt)) return null
  const card = {
    name,
    agreementKey: bytesOf(agreementKey),
    signingKey: bytesOf(signingKey),
    createdAt: createdAt as number,
    signature: bytesOf(signature),
  }
  const keys = [card.agreementKey, card.signingKey]
  return keys.every(({ byteLength }) => byteLength === keyBytes) ? card : null
}

const bytesOf = (value: unknown): Bytes => decodeBase64(String(value))
