// ui: what the person sees; speaks the protocol like any other client. This file: all secrets in one file.

import type { Bytes } from '../codec/bytes.ts'
import type { Unmapped } from '../interchange/format.ts'
import { call } from './call.ts'
import { sealExport } from './ownExport.ts'
import { everyItem } from './pagesOfItems.ts'

export const exportFormats = ['encrypted', 'bitwarden-json', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportOrder {
  readonly format: ExportFormat
  /** Of the vault. */
  readonly passphrase: string
  /** Of the file, where it is encrypted. */
  readonly filePassphrase: string
  readonly tell: (count: number) => void
  readonly signal: AbortSignal
}

export interface MadeExport {
  readonly name: string
  readonly content: Blob
  readonly items: number
  readonly lost: readonly Unmapped[]
}

/** @throws KeyhearthError `wrong-passphrase`, `too-many-attempts` */
export async function makeExport(order: ExportOrder): Promise<MadeExport> {
  const { format, passphrase, tell, signal } = order
  const items = await everyItem(
    (NextToken) =>
      call(
        'keyhearth:ExportItems',
        NextToken === undefined ? { Passphrase: passphrase } : { NextToken },
      ),
    tell,
    signal,
  )
  const { writeExport } = await import('../interchange/writeExport.ts')
  const inner = format === 'csv' ? 'csv' : 'bitwarden-json'
  const written = await writeExport(
    items.map((item) => ({ item })),
    inner,
  )
  const name = `keyhearth-${new Date().toISOString().slice(0, 10)}`
  const plainName = `${name}.${written.extension}`
  const made = { items: items.length, lost: written.lost }
  if (format !== 'encrypted') {
    return { ...made, name: plainName, content: blobOf(written.bytes, written.mediaType) }
  }
  const sealed = await sealExport(written.bytes, plainName, order.filePassphrase)
  return { ...made, name: `${plainName}.keyhearth`, content: blobOf(sealed, '') }
}

const blobOf = (bytes: Bytes, type: string) => new Blob([bytes], { type })
