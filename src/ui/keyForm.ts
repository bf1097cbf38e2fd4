// ui: what the person sees; speaks the protocol like any other client. This file: what the form for a new
// key holds, and what is wrong with it. Pure.

import { keySpecNames, keyUsages } from '../protocol/keySpecs.ts'
import type { KmsTag } from '../protocol/kmsOutputs.ts'
import type { Input } from '../protocol/schemas.ts'

export interface KeyForm {
  readonly spec: (typeof keySpecNames)[number]
  readonly usage: (typeof keyUsages)[number]
  /** Without `alias/`. */
  readonly alias: string
  readonly description: string
  readonly tags: readonly (readonly [name: string, value: string])[]
  readonly multiRegion: boolean
  readonly importing: boolean
  readonly exportable: boolean
}

export const blankKeyForm: KeyForm = {
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  alias: '',
  description: '',
  tags: [],
  multiRegion: false,
  importing: false,
  exportable: false,
}

/** A kept draft, or `null` where it is no such thing. */
export function readKeyForm(kept: unknown): KeyForm | null {
  if (typeof kept !== 'object' || kept === null) return null
  const form = { ...blankKeyForm, ...kept }
  const fits =
    keySpecNames.includes(form.spec) &&
    keyUsages.includes(form.usage) &&
    typeof form.alias === 'string' &&
    typeof form.description === 'string' &&
    Array.isArray(form.tags)
  return fits ? form : null
}

export type AliasProblem = 'characters' | 'reserved' | 'slash' | 'taken'

/** As CreateAlias takes them (API reference, AliasName). */
export function aliasProblem(alias: string, taken: readonly string[]): AliasProblem | null {
  if (!/^[a-zA-Z0-9/_-]{1,250}$/.test(alias)) return 'characters'
  if (alias.startsWith('aws/')) return 'reserved'
  if (alias.endsWith('/')) return 'slash'
  return taken.includes(`alias/${alias}`) ? 'taken' : null
}

/** Rows left empty count for nothing. */
export const readTags = (rows: KeyForm['tags']): readonly KmsTag[] =>
  rows.filter(([name]) => name !== '').map(([TagKey, TagValue]) => ({ TagKey, TagValue }))

export function keyRequest(form: KeyForm): Input<'kms:CreateKey'> {
  const tags = readTags(form.tags)
  return {
    KeySpec: form.spec,
    KeyUsage: form.usage,
    Description: form.description,
    ...(tags.length > 0 ? { Tags: [...tags] } : {}),
    ...(form.multiRegion ? { MultiRegion: true } : {}),
    ...(form.importing ? { Origin: 'EXTERNAL' as const } : {}),
    ...(form.exportable ? { Exportable: true } : {}),
  }
}
