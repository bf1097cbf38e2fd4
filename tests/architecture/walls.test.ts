// Design section 1: the walls between rooms. Each forbidden import is shown to the linter, which must
// refuse it; each allowed one must pass. A wall nobody runs into would otherwise be a line of prose.

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const allowed: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  codec: [],
  provider: ['protocol', 'codec', 'encryption-sdk', 'certificates', 'documents'],
  relay: ['protocol'],
  reader: ['protocol', 'codec', 'relay'],
  gate: ['protocol', 'codec', 'hsm', 'items', 'kms', 'secrets', 'trail', 'store', 'cluster'],
  cluster: ['protocol', 'codec', 'hsm', 'kms', 'secrets', 'trail', 'store', 'encryption-sdk'],
  hsm: ['protocol', 'codec', 'store'],
  kms: ['protocol', 'codec', 'hsm', 'encryption-sdk'],
  'encryption-sdk': ['codec'],
  'command-line': ['codec', 'hsm', 'encryption-sdk', 'items', 'cluster'],
  items: ['codec'],
  interchange: ['codec', 'items'],
  secrets: ['protocol', 'codec', 'hsm', 'items', 'kms'],
  trail: ['protocol', 'codec', 'hsm', 'store'],
  preview: ['protocol'],
  standalone: ['codec', 'encryption-sdk'],
  store: ['protocol', 'codec'],
  certificates: ['protocol', 'codec'],
  pdf: ['codec'],
  documents: ['protocol', 'codec', 'certificates', 'pdf'],
  ui: [
    'protocol',
    'codec',
    'encryption-sdk',
    'items',
    'interchange',
    'certificates',
    'pdf',
    'documents',
  ],
}
const owners: Readonly<Record<string, readonly string[]>> = {
  idb: ['store'],
  preact: ['ui'],
  'hash-wasm': ['hsm', 'encryption-sdk', 'ui', 'certificates', 'pdf', 'documents'],
  '@noble/curves/abstract/edwards.js': ['hsm'],
  '@noble/curves/abstract/modular.js': ['hsm'],
  '@noble/curves/ed25519.js': ['hsm', 'certificates'],
  '@noble/curves/nist.js': ['hsm', 'encryption-sdk', 'certificates', 'documents'],
  '@noble/curves/secp256k1.js': ['hsm', 'certificates'],
  '@noble/post-quantum/ml-dsa.js': ['hsm', 'certificates'],
  '@noble/post-quantum/ml-kem.js': ['hsm'],
  '@noble/ciphers/aes.js': ['hsm', 'encryption-sdk', 'certificates', 'documents'],
  fflate: ['interchange', 'pdf'],
  kdbxweb: ['interchange'],
  jose: ['documents'],
  'des.js': ['codec'],
  otpauth: ['items'],
  papaparse: ['interchange'],
  qr: ['items'],
  tldts: ['items'],
  'shamir-secret-sharing': ['hsm'],
  '@zxcvbn-ts/core': ['items', 'ui'],
  'pdfjs-dist/legacy/build/pdf.mjs': ['preview'],
  valibot: ['protocol', 'gate'],
  'wxt/browser': ['gate', 'relay', 'reader', 'ui'],
}
const rooms = Object.keys(allowed)

const folder = mkdtempSync(join(tmpdir(), 'keyhearth-walls-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The imports the linter refuses in a file of that room. */
function refused(room: string, imports: readonly string[]): string[] {
  // Three lines an import: its own, its use, and an empty one.
  const source = imports.map((from, i) => `import * as m${i} from '${from}'\nvoid m${i}\n\n`)
  const probe = join(folder, 'src', room, 'probe.ts')
  mkdirSync(dirname(probe), { recursive: true })
  writeFileSync(probe, source.join(''))
  copyFileSync('biome.json', join(folder, 'biome.json'))
  const { stdout, stderr } = spawnSync(
    resolve('node_modules/.bin/biome'),
    [
      'lint',
      '--only=style/noRestrictedImports',
      '--max-diagnostics=none',
      '--vcs-enabled=false',
      probe,
    ],
    { cwd: folder, encoding: 'utf8' },
  )
  const lines = [
    ...(stdout + stderr).matchAll(/probe\.ts:(\d+):\d+ lint\/style\/noRestrictedImports/g),
  ]
  const found = new Set(lines.map(([, line]) => (Number(line) - 1) / 3))
  return imports.filter((_from, i) => found.has(i))
}

test('every room has its walls', () => {
  expect(readdirSync('src').sort()).toEqual([...rooms].sort())
})

describe.each(rooms)('%s', (room) => {
  const others = rooms.filter((other) => other !== room)

  test('imports the rooms it may, and no other', () => {
    const paths = others.map((other) => `../${other}/thing.ts`)
    const walls = others
      .filter((other) => !allowed[room]?.includes(other))
      .map((other) => `../${other}/thing.ts`)
    expect(refused(room, paths)).toEqual(walls)
  })

  test('uses only the packages that are its own', () => {
    const packages = Object.keys(owners)
    const walls = packages.filter((name) => !owners[name]?.includes(room))
    expect(refused(room, packages)).toEqual(walls)
  })
})
