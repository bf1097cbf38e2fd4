// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: what is in a
// backup, in the clear: for whoever opens it without a browser.

import type { BackupRow } from '../codec/backupFormat.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { additionalData, readBlob } from '../codec/ciphertextBlob.ts'
import type { ExportedKey } from '../codec/exportedKeys.ts'
import { decodeUtf8, encodeBase64 } from '../codec/text.ts'
import type { WrappedMaterial } from '../hsm/materials.ts'
import { readRecord } from '../hsm/recordForm.ts'
import { decryptUnder } from '../hsm/symmetric.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import { type KeyRecord, arnOf as keyArnOf } from '../kms/keys.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { filesOf, partRow } from '../secrets/attachments.ts'
import { Block } from '../secrets/blocks.ts'
import { arnOf, type SecretRecord, type VersionRecord, versionRow } from '../secrets/records.ts'
import type { SealedStore } from '../store/schema.ts'

const wanted: ReadonlySet<string> = new Set([
  'keys',
  'materials',
  'people',
  'certificates',
  'secretBlocks',
  'secretVersions',
  'attachments',
])

interface VersionInClear {
  readonly versionId: string
  readonly stages: readonly string[]
  /** ISO 8601. */
  readonly createdAt: string
  readonly SecretString?: string
  /** base64 */
  readonly SecretBinary?: string
}

export interface SecretInClear {
  readonly arn: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly tags: readonly unknown[]
  readonly versions: readonly VersionInClear[]
  /** Attached files, by their ids. */
  readonly files: readonly string[]
}

export class BackupContents {
  readonly #plaintexts = new Map<string, Bytes>()
  #vault: UnlockedVault | null = null

  /** @param full with values and files; without, only what lists show */
  constructor(full: boolean) {
    this.#isWanted = full
      ? (store) => wanted.has(store)
      : (store) => store === 'keys' || store === 'secretBlocks'
  }
  readonly #isWanted: (store: string) => boolean

  take({ store, row }: BackupRow, plaintext: Bytes | null): void {
    if (store === 'gone') this.#plaintexts.delete(`${row['store']}/${row['key']}`)
    else if (plaintext && this.#isWanted(store)) {
      this.#plaintexts.set(`${store}/${row['id']}`, plaintext)
    }
  }

  /** Once all has come and was found whole. */
  openWith(vault: UnlockedVault): void {
    this.#vault = vault
  }

  #of<Value>(store: SealedStore): Value[] {
    return [...this.#plaintexts].flatMap(([name, plaintext]) =>
      name.startsWith(`${store}/`) ? [readRecord(store, plaintext) as Value] : [],
    )
  }

  #get<Value>(store: SealedStore, id: string): Value | null {
    const plaintext = this.#plaintexts.get(`${store}/${id}`)
    return plaintext ? (readRecord(store, plaintext) as Value) : null
  }

  get secretRecords(): SecretRecord[] {
    return this.#of<Bytes>('secretBlocks').flatMap((bytes) => {
      try {
        return [...Block.read(bytes).all()]
      } catch {
        // The list of the blocks, which lies among them.
        return []
      }
    })
  }

  get keyRecords(): KeyRecord[] {
    return this.#of<KeyRecord>('keys').filter((record) => 'materials' in record)
  }

  get others(): { readonly people: readonly unknown[]; readonly certificates: readonly unknown[] } {
    return { people: this.#of('people'), certificates: this.#of('certificates') }
  }

  async secrets(): Promise<SecretInClear[]> {
    return Promise.all(
      this.secretRecords.map(async (secret) => ({
        arn: arnOf(secret),
        name: secret.name,
        title: secret.facts.title,
        description: secret.description,
        tags: secret.tags,
        versions: await Promise.all(
          secret.versions.map(async ({ versionId, stages, createdAt, revision }) => ({
            versionId,
            stages,
            createdAt: new Date(createdAt).toISOString(),
            ...(revision === 0 ? {} : await this.#value(secret, versionId)),
          })),
        ),
        files: [...filesOf(secret.versions).keys()],
      })),
    )
  }

  async #value(secret: SecretRecord, versionId: string) {
    const record = this.#get<VersionRecord>('secretVersions', versionRow(secret.id, versionId))
    if (!record) throw new KeyhearthError('record-damaged', { what: 'secret value' })
    const context = { SecretARN: arnOf(secret), SecretVersionId: versionId }
    const dataKey = await this.#decrypt(record.encryptedDataKey, context)
    const key = await crypto.subtle.importKey('raw', dataKey, 'AES-GCM', false, ['decrypt'])
    dataKey.fill(0)
    const [iv, body] = [record.ciphertext.slice(0, 12), record.ciphertext.slice(12)]
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, body)
    const bytes = new Uint8Array(plain)
    return record.kind === 'string'
      ? { SecretString: decodeUtf8(bytes) }
      : { SecretBinary: encodeBase64(bytes) }
  }

  /** As KMS's Decrypt. */
  async #decrypt(ciphertext: Bytes, context: Readonly<Record<string, string>>): Promise<Bytes> {
    const blob = readBlob(ciphertext)
    const material = blob && this.#material(blob.keyId, blob.materialId)
    const plaintext =
      material && (await decryptUnder(this.#open, material, additionalData(blob, context), blob))
    if (!plaintext) throw new KeyhearthError('secret-decryption')
    return plaintext
  }

  get #open(): UnlockedVault {
    if (!this.#vault) throw new KeyhearthError('internal')
    return this.#vault
  }

  #material(keyId: string, materialId: string): WrappedMaterial | null {
    const all = this.#of<WrappedMaterial>('materials')
    return all.find((one) => one.keyId === keyId && one.materialId === materialId) ?? null
  }

  /** Symmetric keys with all their versions, as ExportKeys gives them: files were encrypted under these. */
  async keys(): Promise<ExportedKey[]> {
    const symmetric = this.keyRecords.filter(({ keySpec }) => keySpec === 'SYMMETRIC_DEFAULT')
    return Promise.all(
      symmetric.map(async (key) => ({
        arn: keyArnOf(key),
        keyId: key.keyId,
        description: key.description,
        versions: await this.#versions(key),
      })),
    )
  }

  async #versions(key: KeyRecord) {
    const found = key.materials.flatMap(({ materialId }) => {
      const material = this.#material(key.keyId, materialId)
      return material ? [material] : []
    })
    return Promise.all(
      found.map(async (material) => ({
        materialId: material.materialId,
        material: await this.#open.materials.withRevealedBytes(material, encodeBase64),
      })),
    )
  }

  /** Attached files, each a message of the Encryption SDK's format. */
  files(): { readonly id: string; readonly message: Bytes }[] {
    return this.secretRecords.flatMap(({ versions }) =>
      [...filesOf(versions).values()].map(({ id, parts }) => ({
        id,
        message: concatBytes(
          ...Array.from({ length: parts }, (_, part) => {
            const row = this.#get<{ readonly content: Bytes }>('attachments', partRow(id, part))
            if (!row) throw new KeyhearthError('record-damaged', { what: 'attached file' })
            return row.content
          }),
        ),
      })),
    )
  }
}
