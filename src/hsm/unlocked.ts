// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the vault while
// it is open. Everything that needs one of its keys is a method here; the keys themselves never leave.

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, joinUnambiguously } from '../codec/bytes.ts'
import { encodeBase64Url, encodeHex, encodeUtf8 } from '../codec/text.ts'
import { bindTo, damaged, notExtractable, open, seal } from './binding.ts'
import { derivationFor, deriveAesKey } from './derivedKeys.ts'
import { Materials } from './materials.ts'
import { MessageKeys } from './symmetric.ts'

/** Labels kept, of each kind: the same few names are asked for again and again. */
const mostLabels = 1024

export class UnlockedVault {
  readonly vaultId: string
  readonly #records: CryptoKey
  /** The material of KMS keys. For this room alone: services call its functions, never hold a key. */
  readonly materials: Materials
  readonly messageKeys = new MessageKeys()
  /** What backups are encrypted under: opens nothing that lies in the store. */
  readonly backupKey: CryptoKey
  readonly #labels = new Map<string, Map<string, string>>()
  /** Index labels must be made synchronously and often; the key opens nothing. */
  readonly #labelKey: Bytes

  private constructor(
    vaultId: string,
    records: CryptoKey,
    wrapKey: CryptoKey,
    labelKey: Bytes,
    backupKey: CryptoKey,
  ) {
    this.vaultId = vaultId
    this.backupKey = backupKey
    this.#records = records
    this.materials = new Materials(vaultId, wrapKey)
    this.#labelKey = labelKey
  }

  static async from(vaultId: string, vaultKey: CryptoKey): Promise<UnlockedVault> {
    const labelSource = crypto.subtle
      .deriveKey(
        derivationFor(vaultId, 'labels'),
        vaultKey,
        { name: 'HMAC', hash: 'SHA-256', length: 256 },
        notExtractable,
        ['sign'],
      )
      .then((key) => crypto.subtle.sign('HMAC', key, encodeUtf8('label key')))
    const [records, wrapKey, label, backupKey] = await Promise.all([
      deriveAesKey(vaultId, vaultKey, 'records', ['encrypt', 'decrypt']),
      deriveAesKey(vaultId, vaultKey, 'wrap', ['wrapKey', 'unwrapKey']),
      labelSource,
      deriveAesKey(vaultId, vaultKey, 'backup', ['encrypt', 'decrypt']),
    ])
    return new UnlockedVault(vaultId, records, wrapKey, new Uint8Array(label), backupKey)
  }

  /** A keyed, one-way label by which a name can be found again but not read. */
  label(kind: string, name: string): string {
    const known = this.#labels.get(kind)?.get(name)
    if (known !== undefined) return known
    const label = encodeBase64Url(this.mac(kind, name))
    const ofKind = this.#labels.get(kind) ?? new Map<string, string>()
    if (ofKind.size >= mostLabels) ofKind.clear()
    this.#labels.set(kind, ofKind.set(name, label))
    return label
  }

  /** Binds a text to this vault: 16 bytes of HMAC-SHA-256, made without awaiting. */
  mac(kind: string, text: string): Bytes {
    return hmac(sha256, this.#labelKey, joinUnambiguously(kind, text)).slice(0, 16)
  }

  /** A keyed, one-way name for secret bytes: 64 hex digits, in AWS's form of a KeyMaterialId. */
  materialIdOf(keyId: string, secret: Uint8Array): string {
    const content = joinUnambiguously('key material', keyId, secret)
    return encodeHex(hmac(sha256, this.#labelKey, content))
  }

  /** Of the same id and the same key: what one sealed, the other opens. */
  isSameAs(other: UnlockedVault): boolean {
    const mark = (vault: UnlockedVault) => vault.label('vault', vault.vaultId)
    return this.vaultId === other.vaultId && mark(this) === mark(other)
  }

  seal(place: readonly string[], plaintext: Bytes): Promise<Bytes> {
    return seal(this.#records, bindTo('record', this.vaultId, ...place), plaintext)
  }

  /** @throws KeyhearthError `record-damaged` naming the kind of record, never its content. */
  async open(place: readonly string[], sealed: Bytes): Promise<Bytes> {
    const plaintext = await open(this.#records, bindTo('record', this.vaultId, ...place), sealed)
    if (!plaintext) throw damaged(place[0] ?? 'record')
    return plaintext
  }
}
