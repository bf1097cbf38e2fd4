// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: what is in a
// backup, in the clear: for whoever opens it without a browser.

import type { BackupRow } from '../codec/backupFormat.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { additionalData, readBlob } from '../codec/ciphertextBlob.ts'
import type { ExportedKey } from '../codec/exportedKeys.ts'
import { decodeUtf8, encodeBase64 } from '../codec/text.ts'
import { materialFormat } from '../hsm/algorithms.ts'
import type { WrappedMaterial } from '../hsm/materials.ts'
import { readRecord } from '../hsm/recordForm.ts'
import { decryptUnder } from '../hsm/symmetric.ts'
import { vaultSealer } from '../hsm/trailKey.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import type { BranchKeyRecord } from '../kms/branchKeyRecords.ts'
import { exportBranchKey } from '../kms/exportKeys.ts'
import { type KeyRecord, arnOf as keyArnOf } from '../kms/keys.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { TrailEvent } from '../protocol/outputs.ts'
import { filesOf, partRow } from '../secrets/attachments.ts'
import { Block } from '../secrets/blocks.ts'
import { arnOf, type SecretRecord, type VersionRecord, versionRow } from '../secrets/records.ts'
import type { SealedStore, TrailRow } from '../store/schema.ts'
import { openEvent } from '../trail/sealing.ts'
import { sealedInBackup } from './backupContent.ts'

/** What has no meaning outside the vault: counters, and secrets as Keyhearth 0.1 wrote them, if any were not moved. */
const leftOut: ReadonlySet<string> = new Set(['usage', 'secrets'])
const wanted: ReadonlySet<string> = new Set(sealedInBackup.filter((store) => !leftOut.has(store)))

/** A key of any kind, with all its versions. */
interface KeyInClear extends ExportedKey {
  readonly keySpec: string
  readonly keyUsage: string
  readonly origin: string
  readonly enabled: boolean
  readonly exportable: boolean
  /** ISO 8601. */
  readonly createdAt: string
  readonly deleteAt: string | null
  readonly multiRegion: boolean
  readonly rotation: unknown
  readonly tags: readonly unknown[]
  /** JSON as it was put; `null` is AWS's default policy. */
  readonly policy: string | null
  /** Subject public key info, base64; `null` for symmetric keys. */
  readonly publicKey: string | null
  readonly versions: readonly VersionOfKey[]
}

interface VersionOfKey {
  readonly materialId: string
  readonly state: string
  /** What `material` is the base64 of: the bare key, or its PKCS #8 (RFC 5958). */
  readonly format: 'raw' | 'pkcs8'
  readonly material: string
}

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
  readonly #trail: TrailRow[] = []
  readonly #left = new Map<string, number>()
  #vault: UnlockedVault | null = null

  /** @param full with values and files; without, only what lists show */
  constructor(full: boolean) {
    this.#isWanted = full
      ? (store) => wanted.has(store) || store === 'trail'
      : (store) => store === 'keys' || store === 'secretBlocks'
  }
  readonly #isWanted: (store: string) => boolean

  take({ store, row, body }: BackupRow, plaintext: Bytes | null): void {
    if (store === 'gone') this.#plaintexts.delete(`${row['store']}/${row['key']}`)
    else if (store === 'trail' && this.#isWanted(store)) {
      this.#trail.push({ ...row, sealed: body.slice() } as unknown as TrailRow)
    } else if (leftOut.has(store) || store === 'slots' || store === 'digests') this.#leave(store)
    else if (plaintext && this.#isWanted(store)) {
      this.#plaintexts.set(`${store}/${row['id']}`, plaintext)
    }
  }

  #leave(what: string): void {
    this.#left.set(what, (this.#left.get(what) ?? 0) + 1)
  }

  /** What was in the backup and is not in what was taken out of it, by kind and number. */
  get left(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#left)
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

  get others(): Readonly<Record<string, readonly unknown[]>> {
    return {
      aliases: this.#of('aliases'),
      grants: this.#of('grants'),
      schedules: this.#of('schedules'),
      branchKeys: this.#of<BranchKeyRecord>('branchKeys').map(exportBranchKey),
      people: this.#of('people'),
      certificates: this.#of('certificates'),
      sites: this.#of('sites'),
      quorums: this.#of('quorums'),
    }
  }

  /** Events in their order. Those of the time when the vault was locked open on the device alone that sealed them. */
  async *events(): AsyncGenerator<TrailEvent> {
    const keys = { vault: vaultSealer(this.#open), device: null }
    for (const row of this.#trail) {
      const opened = await openEvent(keys, row)
      if (opened) yield { ...opened.event, sequence: row.sequence }
      else this.#leave('events of the locked vault')
    }
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

  /** In the form of ExportKeys, and more: of every kind, with what is known of them. */
  async keys(): Promise<KeyInClear[]> {
    const time = (ms: number) => new Date(ms).toISOString()
    return Promise.all(
      this.keyRecords.map(async (key) => ({
        arn: keyArnOf(key),
        keyId: key.keyId,
        description: key.description,
        keySpec: key.keySpec,
        keyUsage: key.keyUsage,
        origin: key.origin,
        enabled: key.enabled,
        exportable: key.exportable === true,
        createdAt: time(key.createdAt),
        deleteAt: key.deletion && time(key.deletion.at),
        multiRegion: key.multiRegion,
        rotation: key.rotation,
        tags: key.tags,
        policy: key.policy,
        publicKey: key.publicKey && encodeBase64(key.publicKey),
        versions: await this.#versions(key),
      })),
    )
  }

  async #versions(key: KeyRecord): Promise<VersionOfKey[]> {
    const versions: VersionOfKey[] = []
    for (const { materialId, state } of key.materials) {
      const wrapped = this.#material(key.keyId, materialId)
      if (!wrapped) {
        // It expired, was deleted, or was never brought in.
        this.#leave('key material that is not there')
        continue
      }
      const material = await this.#open.materials.withRevealedBytes(wrapped, encodeBase64)
      versions.push({ materialId, state, format: materialFormat(wrapped.spec), material })
    }
    return versions
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
