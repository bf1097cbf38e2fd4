// Files of others: each is told to be what it is.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Recognised, recognise } from '../../src/documents/recognise.ts'
import { describeVectors, readVector, vectorsFolder } from './folder.ts'

function expectAll(folder: string, count: number, kindOf: (name: string) => Recognised | null) {
  const files = readdirSync(join(vectorsFolder, folder)).map(
    (name) => [name, kindOf(name)] as const,
  )
  const known = files.filter(([, kind]) => kind !== null)
  expect(known.length).toBe(count)
  for (const [name, kind] of known) {
    const bytes = readVector(`${folder}/${name}`)
    expect([name, recognise(bytes, bytes.byteLength, name)]).toEqual([name, kind])
  }
}

describeVectors('documents/pkits', () => {
  test('certificates and lists', () => {
    expectAll('documents/pkits/certs', 405, () => 'certificate')
    expectAll('documents/pkits/crls', 173, () => 'certificate-list')
  })
})

describeVectors('documents/key-files', () => {
  test('keys and certificates', () => {
    expectAll('documents/key-files', 28, (name) => {
      if (/\.pub$|README/.test(name)) return null
      return name.endsWith('.crt') ? 'certificate' : 'key-file'
    })
  })
})

describeVectors('documents/pdf', () => {
  test('documents', () => {
    const kind = (name: string) => (name.endsWith('.pdf') ? 'pdf' : null)
    expectAll('documents/pdf', 43, kind)
  })
})
