// The built extension, as it ships: what reaches a page holds no vault, nothing evaluates text as code,
// and the manifest asks for what is written here and no more.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const builds = ['chrome-mv3', 'firefox-mv3'].map((name) => join('.output', name))

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** What only the formats have a use for: they agree on the key that one message's keys come wrapped under. */
const keyMarks = ['unwrapKey', 'deriveKey', 'generateKey', 'importKey']

/** Marks that survive minification: names of APIs, of stores, of fields of formats. */
const vaultMarks = [
  'indexedDB',
  'objectStore',
  'keyhearth/1 kms',
  'recovery slot',
  'argon2',
  'secretVersions',
  'storage.session',
  '.asn1',
  'ASN.1',
]

describe.each(builds)('%s', (build) => {
  test('is built', () => {
    expect(existsSync(join(build, 'manifest.json'))).toBe(true)
  })

  test.each([
    ['provider.js', [...vaultMarks, ...keyMarks]],
    ['formats.js', vaultMarks],
    ['relay.js', [...vaultMarks, ...keyMarks]],
    ['frame.js', [...vaultMarks, ...keyMarks]],
    ['quiet.js', [...vaultMarks, ...keyMarks]],
    ['reader.js', [...vaultMarks, ...keyMarks]],
    ['filler.js', [...vaultMarks, ...keyMarks]],
  ])('%s, which runs in pages, holds no vault, no store and no ASN.1', (name, marks) => {
    const code = readFileSync(join(build, name), 'utf8')
    expect(marks.filter((mark) => code.includes(mark))).toEqual([])
    expect(statSync(join(build, name)).size).toBeLessThan(48 * 1024)
  })

  test('the marks are there to be found: the background has them', () => {
    const code = readFileSync(join(build, 'background.js'), 'utf8')
    const marks = [...vaultMarks, ...keyMarks].filter((mark) => !/asn\.?1/i.test(mark))
    expect(marks.filter((mark) => !code.includes(mark))).toEqual([])
  })

  test('evaluates no text as code and loads nothing from elsewhere', () => {
    const found: string[] = []
    for (const file of filesUnder(build).filter((name) => /\.(js|html|css)$/.test(name))) {
      const text = readFileSync(file, 'utf8')
      for (const pattern of [
        /\beval\s*\(/,
        /new Function\b/,
        /(?:src|href)="https?:/,
        /url\(["']?https?:/,
        /import\(["']https?:/,
      ]) {
        if (pattern.test(text)) found.push(`${file}: ${pattern}`)
      }
    }
    expect(found).toEqual([])
  })

  test('asks for these permissions, and offers pages the overlay alone', () => {
    const manifest = JSON.parse(readFileSync(join(build, 'manifest.json'), 'utf8'))
    const chrome = build.includes('chrome')
    expect([...manifest.permissions].sort()).toEqual(
      [
        'activeTab',
        'alarms',
        'clipboardRead',
        'clipboardWrite',
        'contextMenus',
        'idle',
        ...(chrome ? ['offscreen'] : []),
        'scripting',
        'storage',
        'unlimitedStorage',
      ].sort(),
    )
    expect(manifest.host_permissions).toEqual(['http://*/*', 'https://*/*'])
    expect(manifest.web_accessible_resources).toEqual([
      {
        resources: ['overlay.html'],
        matches: ['http://*/*', 'https://*/*'],
        ...(chrome ? { use_dynamic_url: true } : {}),
      },
    ])
    expect(manifest.externally_connectable).toBeUndefined()
    expect(manifest.content_security_policy.extension_pages).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
        "img-src 'self' data:; font-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self' http: https:; " +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    )
    expect(manifest.content_scripts).toEqual([
      {
        matches: ['http://*/*', 'https://*/*'],
        all_frames: true,
        match_origin_as_fallback: true,
        run_at: 'document_start',
        js: ['relay.js'],
      },
    ])
  })
})

test('no source turns text into markup or code', () => {
  const sinks =
    /\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|setHTMLUnsafe|parseHTMLUnsafe)\b|\beval\(|new Function\b|createContextualFragment/
  const sources = ['src', 'entrypoints', 'assets/sample'].flatMap(filesUnder)
  expect(sources.length).toBeGreaterThan(300)
  expect(sources.filter((file) => sinks.test(readFileSync(file, 'utf8')))).toEqual([])
})
