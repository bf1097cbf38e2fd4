// pdf: PDF files read strictly, signed and compared; pure. This file: what signatures allow later (ISO 32000-2 sections
// 12.8.2.2 DocMDP, 12.8.2.4 FieldMDP, table 236 SigFieldLock).

import type { PdfView } from './file.ts'
import type { Field } from './form.ts'
import { nameOf, type PdfDictionary, type PdfObject } from './objects.ts'
import { textOf } from './textString.ts'

/** 1: nothing; 2: filling in and signing; 3: annotations, too. */
export type DocMdpLevel = 1 | 2 | 3

export interface FieldLock {
  readonly action: 'all' | 'include' | 'exclude'
  readonly fields: readonly string[]
}

export interface Permissions {
  /** Of a certification. */
  readonly docMdp: DocMdpLevel | null
  readonly fieldLocks: readonly FieldLock[]
  /** What the lock of the field adds for the whole file. */
  readonly lockLevel: DocMdpLevel | null
}

/** What one signature allows; `signature` is the value of that field. */
export function permissionsOf(view: PdfView, field: Field, signature: PdfDictionary): Permissions {
  let docMdp: DocMdpLevel | null = null
  let lockLevel: DocMdpLevel | null = null
  const fieldLocks: FieldLock[] = []
  for (const item of view.items(signature.entries.get('Reference'))) {
    const method = nameOf(view.get(item, 'TransformMethod'))
    const parameters = view.get(item, 'TransformParams')
    if (method === 'DocMDP') docMdp = levelOf(view.get(parameters, 'P')) ?? 2
    if (method !== 'FieldMDP') continue
    fieldLocks.push(lockOf(view, parameters))
    lockLevel = levelOf(view.get(parameters, 'P')) ?? lockLevel
  }
  const lock = view.get(field.dictionary, 'Lock')
  if (lock !== null) {
    fieldLocks.push(lockOf(view, lock))
    lockLevel = levelOf(view.get(lock, 'P')) ?? lockLevel
  }
  return { docMdp, fieldLocks, lockLevel }
}

const levelOf = (object: PdfObject): DocMdpLevel | null =>
  object === 1 || object === 2 || object === 3 ? object : null

/** What is not understood locks everything. */
export function lockOf(view: PdfView, object: PdfObject): FieldLock {
  const action = nameOf(view.get(object, 'Action'))
  const names = view.items(view.dictionary(object)?.entries.get('Fields'))
  const fields = names.flatMap((name) => textOf(view.resolve(name)) ?? [])
  if (action === 'Include') return { action: 'include', fields }
  if (action === 'Exclude') return { action: 'exclude', fields }
  return { action: 'all', fields: [] }
}

/** A parent's name stands for its kids; a mere beginning of a name for nothing. */
const names = (lock: FieldLock, field: string): boolean =>
  lock.fields.some((name) => field === name || field.startsWith(`${name}.`))

export function isLocked(lock: FieldLock, field: string): boolean {
  if (lock.action === 'all') return true
  return names(lock, field) === (lock.action === 'include')
}
