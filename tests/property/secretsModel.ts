// Secret versions and staging labels as AWS documents them (user guide, "Secret versions"; API reference), written
// down apart from the code: what a request answers, and what is there afterwards.

import type { ErrorReason } from '../../src/protocol/errors.ts'

interface ModelVersion {
  /** `null`: RotateSecret made it, and nobody has put its value yet. */
  value: string | null
  /** Of the KMS key; `null` with no value. */
  key: string | null
}

export type Outcome = ErrorReason | 'none'

interface Put {
  readonly token: string
  readonly value: string
  readonly stages: readonly string[]
}

interface Move {
  readonly stage: string
  readonly from: string | null
  readonly to: string | null
}

export class SecretModel {
  isThere = false
  isMarked = false
  isRotated = false
  readonly versions = new Map<string, ModelVersion>()
  /** Label -> version: a label is on one version at a time. */
  readonly labels = new Map<string, string>()
  readonly #usualKey: string
  #key: string
  #hasRotation = false

  constructor(usualKey: string) {
    this.#usualKey = usualKey
    this.#key = usualKey
  }

  stagesOf(version: string): string[] {
    return [...this.labels].filter(([, holder]) => holder === version).map(([stage]) => stage)
  }

  #refusal(): Outcome | null {
    if (!this.isThere) return 'secret-not-found'
    return this.isMarked ? 'secret-deleted' : null
  }

  get #waiting(): string | null {
    const pending = this.labels.get('AWSPENDING')
    return pending !== undefined && pending !== this.labels.get('AWSCURRENT') ? pending : null
  }

  /** Whoever takes AWSCURRENT leaves AWSPREVIOUS on the version that had it. */
  #attach(stages: readonly string[], to: string): void {
    const waiting = this.#waiting
    for (const stage of stages) if (stage !== 'AWSCURRENT') this.labels.set(stage, to)
    if (!stages.includes('AWSCURRENT')) return
    const before = this.labels.get('AWSCURRENT')
    this.labels.set('AWSCURRENT', to)
    if (before !== undefined && before !== to) this.labels.set('AWSPREVIOUS', before)
    if (waiting === to && this.#hasRotation) this.isRotated = true
  }

  /** The first version is current, whatever is asked for. */
  #add(token: string, version: ModelVersion, stages: readonly string[]): void {
    this.versions.set(token, version)
    this.#attach(this.labels.has('AWSCURRENT') ? stages : [...stages, 'AWSCURRENT'], token)
  }

  /** The token of a version with a value: the same again, or a refusal. */
  #repeats({ token, value }: Pick<Put, 'token' | 'value'>): Outcome | null {
    const known = this.versions.get(token)?.value ?? null
    if (known === null) return null
    return known === value ? 'none' : 'secret-exists'
  }

  create(token: string, value: string): Outcome {
    if (this.isMarked) return 'secret-deleted'
    if (this.isThere) return this.#repeats({ token, value }) ?? 'secret-exists'
    this.isThere = true
    this.#add(token, { value, key: this.#key }, [])
    return 'none'
  }

  put(put: Put): Outcome {
    const refused = this.#refusal() ?? this.#repeats(put)
    if (refused !== null) return refused
    this.#add(put.token, { value: put.value, key: this.#key }, put.stages)
    return 'none'
  }

  /** A new key is for what comes, and for what has a label. */
  update(put: Omit<Put, 'stages'> | null, key: string | null): Outcome {
    const refused = this.#refusal()
    if (refused !== null) return refused
    const repeated = put && this.#repeats(put)
    if (repeated === 'secret-exists') return repeated
    if (key !== null && key !== this.#key) this.#encryptAgain(key)
    return put && repeated === null ? this.put({ ...put, stages: ['AWSCURRENT'] }) : 'none'
  }

  #encryptAgain(key: string): void {
    this.#key = key
    for (const holder of this.labels.values()) {
      const version = this.versions.get(holder)
      if (version && version.value !== null) version.key = key
    }
  }

  move({ stage, from, to }: Move): Outcome {
    const refused = this.#refusal()
    if (refused !== null) return refused
    for (const version of [from, to]) {
      if (version !== null && !this.versions.has(version)) return 'secret-not-found'
    }
    const holder = this.labels.get(stage) ?? null
    if (from !== null && holder !== from) return 'secret-invalid'
    if (to === null) {
      if (from === null || stage === 'AWSCURRENT') return 'secret-invalid'
      this.labels.delete(stage)
      return 'none'
    }
    if (from === null && holder !== null && holder !== to) return 'secret-invalid'
    this.#attach([stage], to)
    return 'none'
  }

  /** One at a time; the token that began it may come again. */
  rotate(token: string): Outcome {
    const refused = this.#refusal()
    if (refused !== null) return refused
    const waiting = this.#waiting
    if (waiting === null ? this.versions.has(token) : waiting !== token) return 'secret-request'
    this.#hasRotation = true
    if (waiting === null) this.#add(token, { value: null, key: null }, ['AWSPENDING'])
    return 'none'
  }

  /** Keyhearth takes AWSPENDING off, where AWS leaves that to the caller (docs/secrets.md). */
  cancel(): Outcome {
    const refused = this.#refusal()
    if (refused !== null) return refused
    if (!this.#hasRotation) return 'secret-request'
    const holder = this.labels.get('AWSPENDING')
    this.labels.delete('AWSPENDING')
    if (holder !== undefined && this.stagesOf(holder).length === 0) this.versions.delete(holder)
    return 'none'
  }

  mark(): Outcome {
    const refused = this.#refusal()
    if (refused === null) this.isMarked = true
    return refused ?? 'none'
  }

  restore(): Outcome {
    this.isMarked = false
    return this.isThere ? 'none' : 'secret-not-found'
  }

  /** At once, whether there is one or not. */
  destroy(): Outcome {
    this.isThere = false
    this.isMarked = false
    this.isRotated = false
    this.#hasRotation = false
    this.#key = this.#usualKey
    this.versions.clear()
    this.labels.clear()
    return 'none'
  }
}
