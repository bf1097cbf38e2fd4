// Writes the tables of docs/kms.md, docs/primitives.md and docs/secrets.md from the tables of the code:
// `node scripts/operationDocs.ts`. A unit test holds them together.

import { readFileSync, writeFileSync } from 'node:fs'
import { type HsmOperationRow, hsmOperations } from '../src/protocol/hsmOperations.ts'
import { type KeySpec, keySpecNames, specRow } from '../src/protocol/keySpecs.ts'
import { kmsOperations } from '../src/protocol/kmsOperations.ts'
import type { OperationRow } from '../src/protocol/operationRow.ts'
import { secretsOperations } from '../src/protocol/secretsOperations.ts'

/** What Chromium's WebCrypto lacks, and what Firefox's lacks besides. */
const byLibraryEverywhere: ReadonlySet<KeySpec> = new Set([
  'AES_192',
  'ECC_SECG_P256K1',
  'HMAC_224',
  'ML_KEM_512',
  'TRIPLE_DES',
])
const isPostQuantum = (spec: KeySpec): boolean => spec.startsWith('ML_')

function computedBy(spec: KeySpec): string {
  if (spec === 'AES_128' || spec === 'AES_256') return 'WebCrypto; JavaScript for wrapping'
  if (spec.startsWith('RSA_')) return 'WebCrypto; JavaScript for RSAES_PKCS1_V1_5'
  if (byLibraryEverywhere.has(spec)) return 'JavaScript'
  return isPostQuantum(spec) ? 'WebCrypto; JavaScript on Firefox' : 'WebCrypto'
}

function algorithmsOf(spec: KeySpec): string {
  const { encryption = [], signing = [], mac, usages, mechanisms = {} } = specRow(spec)
  const agreement = usages.includes('KEY_AGREEMENT') ? ['ECDH'] : []
  const kem = usages.includes('ENCAPSULATE_DECAPSULATE') ? ['ML_KEM'] : []
  const own = usages.flatMap((usage) => mechanisms[usage] ?? [])
  return [...encryption, ...signing, ...(mac ? [mac] : []), ...agreement, ...kem, ...own].join(', ')
}

const cells = (...row: readonly string[]): string => `| ${row.join(' | ')} |`

type Row = OperationRow & { readonly differs?: string }

function operationTable(operations: Readonly<Record<string, Row>>): string {
  const rows = Object.entries(operations).map(([name, row]) => {
    const changes = row.mutates ? 'yes' : ''
    return cells(`\`${name.slice(name.indexOf(':') + 1)}\``, changes, row.differs ?? '')
  })
  return [
    cells('Operation', 'Changes state', 'Where it differs from AWS'),
    '|---|---|---|',
    ...rows,
  ].join('\n')
}

function hsmTable(): string {
  const rows = Object.entries(hsmOperations).map(([name, row]: [string, HsmOperationRow]) =>
    cells(`\`${name}\``, row.as ? `\`${row.as}\`` : 'nothing', row.record?.join(', ') ?? ''),
  )
  return [
    cells('Operation', 'A policy or grant must allow', 'The trail keeps'),
    '|---|---|---|',
    ...rows,
  ].join('\n')
}

function specTable(): string {
  const rows = keySpecNames.map((spec) => {
    const { usages } = specRow(spec)
    return cells(`\`${spec}\``, usages.join(', '), algorithmsOf(spec), computedBy(spec))
  })
  return [
    cells('Key spec', 'Usage', 'Algorithms', 'Computed by'),
    '|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** By document, its tables. */
export const documents = {
  'docs/kms.md': { operations: () => operationTable(kmsOperations), specs: specTable },
  'docs/primitives.md': { operations: hsmTable },
  'docs/secrets.md': { operations: () => operationTable(secretsOperations) },
} as const satisfies Record<string, Record<string, () => string>>

/** The document with its tables as the code has them. @throws Error where it has lost its marks */
export function withTables(document: keyof typeof documents, text: string): string {
  return Object.entries(documents[document]).reduce((rest, [name, table]) => {
    const [start, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
    const [from, to] = [rest.indexOf(start), rest.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`${document} has lost its marks ${start}`)
    return `${rest.slice(0, from + start.length)}\n\n${table()}\n\n${rest.slice(to)}`
  }, text)
}

if (import.meta.main) {
  for (const name of Object.keys(documents) as (keyof typeof documents)[]) {
    writeFileSync(name, withTables(name, readFileSync(name, 'utf8')))
  }
}
